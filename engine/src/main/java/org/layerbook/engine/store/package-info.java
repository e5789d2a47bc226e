/**
 * The folder that all sessions of a user share: blobs, images, names, cache records, leases, locks, and what collects and
 * verifies them. Layout: docs/store.md; what happens between processes: docs/concurrency.md. May use oci and linux.
 */
package org.layerbook.engine.store;
