/** The library's own declarations name files without their endings, which Node's resolution does not take. */
declare module 'echarts/dist/echarts.esm.min.mjs' {
  export interface Chart {
    setOption(option: Record<string, unknown>): void;
    renderToSVGString(): string;
    dispose(): void;
  }
  export function init(
    element: null,
    theme: null,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): Chart;
}
