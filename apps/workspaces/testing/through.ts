/** The object, some of its members replaced. */
export function through<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name) as unknown;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value as (...given: readonly unknown[]) => unknown).bind(target) : value;
    },
  });
}
