/**
 * Results of steps that go from machine to machine: what {@code docker build --cache-to} writes and {@code --cache-from}
 * reads, in a folder, at a registry, or inside an image. docs/cache-keys.md has the format.
 */
package org.layerbook.engine.cache;
