// Before every spec, as entry points do: decorators of Nest write their metadata with it. Nest itself is loaded by the specs that use it: it is
// a quarter of what a spec without it takes.
import 'reflect-metadata';
