package org.layerbook.engine.registry;

import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * An image that was pushed.
 *
 * @param digest of the manifest that the reference has at the registry now
 * @param size bytes of the manifest
 */
public record Pushed(Reference reference, Digest digest, long size) {}
