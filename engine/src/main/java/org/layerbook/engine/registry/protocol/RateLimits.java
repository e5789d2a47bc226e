package org.layerbook.engine.registry.protocol;

/** What a refusal for too many requests means, and what helps. */
public final class RateLimits {
    private RateLimits() {}

    public static RegistryException exceeded(String host, String reason) {
        String said = reason.isEmpty() ? "" : " (" + reason + ")";
        String sentence = host.equals("docker.io")
                ? "Docker Hub's pull limit for this IP address is reached (shared by everyone behind it); "
                        + "run `docker login` to raise it, set LAYERBOOK_MIRRORS to a mirror, or copy the images from "
                        + "another machine with `layerbook bundle` and `layerbook load`"
                : host + " is rate limiting requests; set LAYERBOOK_MIRRORS=" + host + "=ADDRESS to use a mirror";
        return new RegistryException(RegistryException.Kind.RATE_LIMITED, sentence + said);
    }
}
