/**
 * Images from and to OCI registries: naming, authentication, transfer, verification. Loaded only when a registry is
 * really asked. May use archive, store, layer, snapshot and sandbox. Why it has a client of its own:
 * docs/decisions/050-registry-client.md.
 */
package org.layerbook.engine.registry;
