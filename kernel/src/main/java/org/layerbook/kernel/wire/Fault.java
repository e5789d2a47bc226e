package org.layerbook.kernel.wire;

/**
 * Why a request is not carried out, for whoever sent it.
 *
 * @param name what stands before the sentence, as an error's name
 */
public record Fault(String name, String sentence) {
    private static final String TOO_LARGE = "Request too large";

    public static Fault malformed(String sentence) {
        return new Fault("Malformed request", sentence);
    }

    public static Fault tooLarge(String sentence) {
        return new Fault(TOO_LARGE, sentence);
    }

    /** Whether a user is to be told, and not only who wrote the front-end. */
    public boolean concernsUser() {
        return name.equals(TOO_LARGE);
    }
}
