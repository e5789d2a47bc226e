package org.layerbook.engine.registry.protocol;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.layerbook.engine.http.Proxies;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;

/**
 * Addresses of layers that a manifest names outside of its registry. Whoever made the manifest chose them, so they may not
 * lead to what only this machine can reach. What comes from there is held against the digest as everything is, and
 * credentials are not sent.
 */
public final class ForeignUrls {
    private ForeignUrls() {}

    /**
     * @param base of the registry that gave the manifest: one without TLS, or on this machine, may name the like
     * @throws RegistryException when it is not to be asked
     */
    static URI checked(String url, URI base) throws RegistryException {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw refused(base, "is invalid");
        }
        boolean safe = "https".equals(uri.getScheme());
        boolean alike = "http".equals(uri.getScheme()) && base.getScheme().equals("http");
        if (!safe && !alike || uri.getHost() == null) {
            throw refused(base, "does not start with https://");
        }
        if (uri.getUserInfo() != null) {
            throw refused(base, "contains a user name");
        }
        if (isInward(uri.getHost(), Proxies.isLoopback(base.getAuthority()))) {
            throw refused(base, "points to a local address");
        }
        return uri;
    }

    private static boolean isInward(String host, boolean loopbackAllowed) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (address.isLinkLocalAddress()
                        || address.isAnyLocalAddress()
                        || address.isLoopbackAddress() && !loopbackAllowed) {
                    return true;
                }
            }
        } catch (UnknownHostException e) {
            // A proxy may know it; else the request will say so.
        }
        return false;
    }

    private static RegistryException refused(URI base, String why) {
        return new RegistryException(
                Kind.REFUSED, base.getAuthority() + " does not have a layer, and its URL in the manifest " + why);
    }
}
