package org.layerbook.interpreter.view.layout;

/** How far something is, in a few characters that follow its name. */
public final class ProgressText {
    private ProgressText() {}

    /**
     * {@code " 45 %"}; where the end is not known {@code " 12.3MB"}; empty where there is nothing to say yet.
     *
     * @param done bytes; @param total bytes, 0 when not known
     */
    public static String share(long done, long total) {
        if (total > 0) {
            return " " + 100 * done / total + " %";
        }
        return done > 0 ? " " + DockerUnits.size(done) : "";
    }
}
