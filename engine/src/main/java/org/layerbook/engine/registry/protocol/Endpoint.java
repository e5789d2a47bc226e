package org.layerbook.engine.registry.protocol;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerbook.engine.http.Proxies;

/**
 * A place where a registry's API may be: several for one host, where there are mirrors.
 *
 * @param host as in references, with a port where there is one; what credentials are kept under
 * @param address host and port to connect to
 * @param scheme {@code https}, {@code http}, or {@code any}: to be found out
 * @param path before {@code /v2/}; empty or with a slash at its beginning
 * @param mirror whether it stands in for another
 */
public record Endpoint(String host, String address, String scheme, String path, boolean mirror) {
    static final String ANY = "any";

    /** Where the images of docker.io really are. */
    private static final String HUB = "registry-1.docker.io";

    /** The mirrors of {@code host} that are set, then the host itself. */
    public static List<Endpoint> of(String host, RegistrySettings settings) throws RegistryException {
        var endpoints = new ArrayList<Endpoint>();
        for (String mirror : settings.mirrors().getOrDefault(host, List.of())) {
            endpoints.add(mirror(mirror, settings));
        }
        endpoints.add(itself(host, settings));
        return endpoints;
    }

    public static Endpoint itself(String host, RegistrySettings settings) {
        if (host.equals("docker.io")) {
            return new Endpoint(host, HUB, "https", "", false);
        }
        return new Endpoint(host, host, plainAllowed(host, settings) ? ANY : "https", "", false);
    }

    private static Endpoint mirror(String text, RegistrySettings settings) throws RegistryException {
        String withScheme = text.contains("://") ? text : "any://" + text;
        URI uri;
        try {
            uri = URI.create(withScheme);
        } catch (IllegalArgumentException e) {
            throw unusable(text);
        }
        if (uri.getAuthority() == null || uri.getUserInfo() != null) {
            throw unusable(text);
        }
        String address = uri.getAuthority();
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/+$", "");
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals(ANY)) {
            scheme = plainAllowed(address, settings) ? ANY : "https";
        }
        return new Endpoint(address, address, scheme, path, true);
    }

    private static RegistryException unusable(String text) {
        // Not the text itself: somebody may have put a password into it.
        String shown = text.contains("@") ? "with a user name" : "\"" + text + "\"";
        return new RegistryException(
                RegistryException.Kind.REFUSED,
                "invalid registry mirror " + shown
                        + ": expected an address such as https://mirror.example:5000; if it needs a password, use "
                        + "`docker login`");
    }

    /** As docker: this machine, and what is declared insecure. */
    private static boolean plainAllowed(String host, RegistrySettings settings) {
        return Proxies.isLoopback(host) || settings.insecure().contains(host);
    }

    boolean isLoopback() {
        return Proxies.isLoopback(address);
    }

    public URI base(String chosen) {
        return URI.create(chosen + "://" + address + path + "/v2/");
    }
}
