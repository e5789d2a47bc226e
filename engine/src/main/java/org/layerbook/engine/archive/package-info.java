/**
 * Images as files: {@code docker save}, {@code docker load} and {@code docker import}. May use oci, store, layer and
 * snapshot. What is read here comes from anybody: nothing it says is believed before it is checked, and what is refused
 * leaves nothing behind.
 */
package org.layerbook.engine.archive;
