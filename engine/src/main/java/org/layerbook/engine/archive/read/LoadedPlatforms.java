package org.layerbook.engine.archive.read;

import org.layerbook.engine.oci.Platform;

/**
 * Which images of an archive's indexes are loaded.
 *
 * @param preferred that the names mean where one image is wanted
 * @param others whether the other platforms that the archive has are loaded too
 */
public record LoadedPlatforms(Platform preferred, boolean others) {
    public static LoadedPlatforms only(Platform platform) {
        return new LoadedPlatforms(platform, false);
    }

    /** Every platform that the archive has; this machine's is the one that is used. */
    public static LoadedPlatforms all() {
        return new LoadedPlatforms(Platform.host(), true);
    }
}
