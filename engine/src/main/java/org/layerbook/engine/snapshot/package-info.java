/**
 * Root file systems by chain ID. Each layer is unpacked once, into an overlay diff that images share; a root is made of the
 * diffs of its chain when it is asked for. See docs/snapshots.md.
 */
package org.layerbook.engine.snapshot;
