package org.layerbook.engine.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}, in either case of letters, as curl and Go read them. */
final class Proxies extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final Map<String, String> environment;

    Proxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost();
        String proxy = variable(uri.getScheme().equals("https") ? "https_proxy" : "http_proxy");
        if (proxy.isEmpty() || Endpoint.isLoopback(host) || isExcepted(host, uri.getPort())) {
            return DIRECT;
        }
        try {
            URI its = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
            int port = its.getPort() < 0 ? 80 : its.getPort();
            return its.getHost() == null
                    ? DIRECT
                    : List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(its.getHost(), port)));
        } catch (IllegalArgumentException e) {
            return DIRECT;
        }
    }

    private String variable(String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }

    private boolean isExcepted(String host, int port) {
        for (String entry : variable("no_proxy").split(",")) {
            String name = entry.strip().toLowerCase(Locale.ROOT);
            String bare = name.startsWith("*.") ? name.substring(2) : name.startsWith(".") ? name.substring(1) : name;
            if (name.equals("*")
                    || !bare.isEmpty()
                            && (host.equalsIgnoreCase(bare)
                                    || host.toLowerCase(Locale.ROOT).endsWith("." + bare)
                                    || bare.equals(host + ":" + port))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request itself fails and says so.
    }
}
