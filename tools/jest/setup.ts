// Loaded before every spec: without it, CommonJS packages that require Nest meet a require cycle under --experimental-vm-modules.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
