package org.layerbook.engine.registry;

import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * An image that was pulled.
 *
 * @param reference that was asked for, with a tag or a digest
 * @param digest of the manifest or index that the reference names at the registry
 * @param isNew whether the store learned anything: a layer, or what the name means
 */
public record PullResult(Image image, Reference reference, Digest digest, boolean isNew) {}
