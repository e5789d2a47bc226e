package org.layerbook.engine.registry;

/** What a refusal for too many requests means, and what helps. */
final class RateLimits {
    private RateLimits() {}

    static RegistryException exceeded(String host, String reason) {
        String said = reason.isEmpty() ? "" : " (" + reason + ")";
        String sentence = host.equals("docker.io")
                ? "Docker Hub gives no more images to this address for now: its limit counts everybody behind one address "
                        + "together; `docker login` raises it, LAYERBOOK_MIRRORS names a mirror, and `layerbook bundle` "
                        + "elsewhere and `layerbook load` here do without Docker Hub"
                : host + " refuses further requests for now; LAYERBOOK_MIRRORS=" + host + "=ADDRESS names a mirror";
        return new RegistryException(RegistryException.Kind.RATE_LIMITED, sentence + said);
    }
}
