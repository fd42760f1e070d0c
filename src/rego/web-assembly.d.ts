/**
 * The part of the WebAssembly JavaScript interface (W3C "WebAssembly JavaScript Interface", 2.0)
 * that Belay uses. TypeScript declares it in its `dom` library only, which would bring every
 * browser global into a server's code.
 */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;

  interface MemoryDescriptor {
    initial: number;
    maximum?: number;
  }

  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }

  class Module {
    constructor(bytes: ArrayBuffer | ArrayBufferView);
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: object;
  }

  interface WebAssemblyInstantiatedSource {
    instance: Instance;
    module: Module;
  }

  class RuntimeError extends Error {}

  function compile(bytes: ArrayBuffer | ArrayBufferView): Promise<Module>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
}
