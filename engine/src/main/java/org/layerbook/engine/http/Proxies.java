package org.layerbook.engine.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY}, in either case of letters, as curl and Go read them: names
 * (with what is below them), addresses, networks ({@code 10.0.0.0/8}), each with a port or without, or {@code *}.
 */
public final class Proxies extends ProxySelector {
    private static final List<Proxy> DIRECT = List.of(Proxy.NO_PROXY);

    private final Map<String, String> environment;

    public Proxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost();
        String proxy = variable(uri.getScheme().equals("https") ? "https_proxy" : "http_proxy");
        if (proxy.isEmpty() || isLoopback(host) || isExcepted(host, uri.getPort())) {
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

    /** @param host with a port or without; an IPv6 address in brackets */
    public static boolean isLoopback(String host) {
        String name = host.startsWith("[") ? host.substring(0, host.indexOf(']') + 1) : host.split(":", 2)[0];
        return name.equals("localhost") || name.matches("127(\\.[0-9]{1,3}){3}") || name.equals("[::1]");
    }

    private String variable(String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }

    private boolean isExcepted(String host, int port) {
        String bareHost = host.toLowerCase(Locale.ROOT).replaceFirst("^\\[(.*)]$", "$1");
        for (String entry : variable("no_proxy").split(",")) {
            String name = entry.strip().toLowerCase(Locale.ROOT);
            if (name.equals("*") || !name.isEmpty() && (fits(name, bareHost, port) || isInNetwork(name, bareHost))) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(String entry, String host, int port) {
        String name = entry.replaceFirst("^\\*?\\.", "");
        // host:port; an IPv6 address alone has several colons, and brackets where a port follows.
        int colon = name.lastIndexOf(':');
        boolean ported = colon > 0 && (name.indexOf(':') == colon || name.charAt(colon - 1) == ']');
        if (ported && !name.substring(colon + 1).equals(String.valueOf(port))) {
            return false;
        }
        String bare = (ported ? name.substring(0, colon) : name).replaceFirst("^\\[(.*)]$", "$1");
        return host.equals(bare) || host.endsWith("." + bare);
    }

    /** Only an address is in a network: names are not looked up. */
    private static boolean isInNetwork(String entry, String host) {
        int slash = entry.indexOf('/');
        if (slash < 0 || !host.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")) {
            return false;
        }
        try {
            byte[] network = InetAddress.ofLiteral(entry.substring(0, slash)).getAddress();
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            int bits = Integer.parseInt(entry.substring(slash + 1));
            if (network.length != address.length || bits < 0 || bits > 8 * network.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> i % 8;
                if ((network[i / 8] & mask) != (address[i / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // The request itself fails and says so.
    }
}
