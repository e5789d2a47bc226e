package org.layerbook.engine.oci;

import java.io.IOException;

/**
 * A document (config, manifest, index, archive listing) that is not what it should be. The message names the document,
 * the place in it and what is wrong there, as in {@code image config: config.Env[2]: expected a string, found a number}.
 */
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String document, String place, String problem) {
        super(document + ": " + (place.isEmpty() ? "" : place + ": ") + problem);
    }
}
