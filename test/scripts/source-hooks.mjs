import { registerHooks } from 'node:module';

// A child process runs the command from its source: Node strips the types, and finds `./x.js` as `./x.ts`.
registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context);
    } catch (fault) {
      if (!/^\.{1,2}\/.*\.js$/.test(specifier)) throw fault;
      return next(specifier.replace(/\.js$/, '.ts'), context);
    }
  },
});
