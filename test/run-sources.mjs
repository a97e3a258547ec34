// Node runs TypeScript itself, but does not find `./x.ts` under the name `./x.js` that TypeScript imports it by.
import { registerHooks } from 'node:module';

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
