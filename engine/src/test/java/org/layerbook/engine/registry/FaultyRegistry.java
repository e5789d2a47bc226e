package org.layerbook.engine.registry;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.MediaTypes;

/**
 * A registry on loopback, made of bare sockets so that it can misbehave: what it does to the next requests of a path can
 * be set, {@link Fault} by fault. Without faults it serves pulls, uploads, mounts and tags.
 */
final class FaultyRegistry implements AutoCloseable {
    /** What is done instead of an honest answer. */
    @FunctionalInterface
    interface Fault {
        void answer(Exchange exchange) throws IOException;
    }

    /** @param headers names in lower case */
    record Seen(String method, String target, Map<String, String> headers) {
        boolean hasCredentials() {
            return headers.containsKey("authorization");
        }
    }

    /** One request, and what would be the honest answer to it. */
    record Exchange(Seen request, OutputStream out, int status, Map<String, String> headers, byte[] body) {
        void send(int status, Map<String, String> headers, byte[] body, int bytes) throws IOException {
            var head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            if (!request.method().equals("HEAD")) {
                out.write(body, 0, bytes);
            }
            out.flush();
        }

        /** The honest answer, with other headers and fewer bytes; the connection ends after it. */
        void cut(Map<String, String> others, byte[] other, int bytes) throws IOException {
            var changed = new LinkedHashMap<>(headers);
            changed.put("Content-Length", "" + other.length);
            changed.putAll(others);
            send(status, changed, other, bytes);
            throw new IOException("cut");
        }
    }

    private final AtomicInteger sessions = new AtomicInteger();
    private final ServerSocket socket;
    private final String name;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, String> types = new ConcurrentHashMap<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Optional<String> token = Optional.empty();
    private volatile Optional<String> basic = Optional.empty();
    private volatile boolean referrers;
    private volatile long largestRequest = Long.MAX_VALUE;

    FaultyRegistry() throws IOException {
        this("127.0.0.1");
    }

    /** @param address of this machine */
    FaultyRegistry(String address) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.ofLiteral(address));
        name = address.contains(":") ? "[" + address + "]" : address;
        Thread.ofVirtual().start(this::accept);
    }

    String host() {
        return name + ":" + socket.getLocalPort();
    }

    /** As another host would be: another name for the same machine. */
    String otherName() {
        return "localhost:" + socket.getLocalPort();
    }

    Digest blob(byte[] content) {
        Digest digest = Digest.sha256(content);
        blobs.put(digest.toString(), content);
        return digest;
    }

    Digest manifest(String tag, byte[] content, String type) {
        Digest digest = Digest.sha256(content);
        for (String name : List.of(tag, digest.toString())) {
            manifests.put(name, content);
            types.put(name, type);
        }
        return digest;
    }

    Optional<byte[]> manifest(String tag) {
        return Optional.ofNullable(manifests.get(tag));
    }

    boolean hasBlob(Digest digest) {
        return blobs.containsKey(digest.toString());
    }

    /** For the next requests whose target holds {@code part}, one each; later ones are honest again. */
    void fault(String part, Fault... list) {
        faults.put(part, new ArrayDeque<>(List.of(list)));
    }

    /** Wants a token of its own token server for everything, which gives it to this Basic header only. */
    void wantToken(String value, String credentials) {
        token = Optional.of(value);
        basic = Optional.of(credentials);
    }

    void wantBasic(String credentials) {
        basic = Optional.of(credentials);
    }

    /** Has the referrers API. */
    void knowReferrers() {
        referrers = true;
    }

    void forgetBlob(Digest digest) {
        blobs.remove(digest.toString());
    }

    void refuseLargeRequests(long bytes) {
        largestRequest = bytes;
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream()) {
            for (Optional<Seen> request = head(in); request.isPresent(); request = head(in)) {
                seen.add(request.get());
                answer(request.get(), body(request.get(), in), out);
            }
        } catch (IOException e) {
            // The other side is gone, or a fault cut the connection.
        }
    }

    private static Optional<Seen> head(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] parts = line.split(":", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        String[] words = first.split(" ");
        return Optional.of(new Seen(words[0], words[1], Map.copyOf(headers)));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(Seen request, InputStream in) throws IOException {
        return in.readNBytes(Integer.parseInt(request.headers().getOrDefault("content-length", "0")));
    }

    private void answer(Seen request, byte[] body, OutputStream out) throws IOException {
        Exchange honest = honest(request, body, out);
        for (Map.Entry<String, Deque<Fault>> fault : faults.entrySet()) {
            if (request.target().contains(fault.getKey())) {
                Fault next = fault.getValue().poll();
                if (next != null) {
                    next.answer(honest);
                    return;
                }
            }
        }
        honest.send(honest.status(), honest.headers(), honest.body(), honest.body().length);
    }

    private Exchange honest(Seen request, byte[] body, OutputStream out) {
        String target = request.target();
        if (target.startsWith("/token")) {
            boolean welcome = basic.map(b -> b.equals(request.headers().get("authorization")))
                    .orElse(true);
            return welcome
                    ? exchange(request, out, 200, "{\"token\":\"" + token.orElse("none") + "\",\"expires_in\":300}")
                    : exchange(request, out, 401, "{}");
        }
        Optional<String> wanted = token.map(t -> "Bearer " + t).or(() -> basic);
        if (wanted.isPresent() && !wanted.get().equals(request.headers().get("authorization"))) {
            String challenge = token.isPresent()
                    ? "Bearer realm=\"http://" + host() + "/token\",service=\"here, \\\"there\\\"\",scope=\"x\""
                    : "Basic realm=\"here\"";
            return with(
                    exchange(request, out, 401, error("UNAUTHORIZED", "authentication required")),
                    "WWW-Authenticate",
                    challenge);
        }
        if (target.contains("/manifests/")) {
            return manifest(request, body, out);
        }
        if (target.contains("/referrers/")) {
            return referrers
                    ? with(exchange(request, out, 200, referrers(target)), "Content-Type", MediaTypes.OCI_INDEX)
                    : exchange(request, out, 404, error("NOT_FOUND", "no such page"));
        }
        if (target.contains("/blobs/uploads/")) {
            return upload(request, body, out);
        }
        if (target.contains("/blobs/")) {
            return blob(request, out);
        }
        if (target.endsWith("/tags/list")) {
            return exchange(request, out, 200, "{\"name\":\"a\",\"tags\":[\"1\",\"2\"]}");
        }
        return exchange(request, out, 200, "{}");
    }

    private Exchange manifest(Seen request, byte[] body, OutputStream out) {
        String name = request.target().substring(request.target().indexOf("/manifests/") + 11);
        if (request.method().equals("PUT")) {
            Digest digest = manifest(name, body, request.headers().get("content-type"));
            Exchange made = with(exchange(request, out, 201, ""), "Docker-Content-Digest", digest.toString());
            boolean noted = referrers && new String(body, StandardCharsets.UTF_8).contains("\"subject\"");
            return noted ? with(made, "OCI-Subject", "noted") : made;
        }
        byte[] content = manifests.get(name);
        if (content == null) {
            return exchange(request, out, 404, error("MANIFEST_UNKNOWN", "manifest unknown"));
        }
        Exchange found = exchange(request, out, 200, content);
        return with(
                with(found, "Content-Type", types.get(name)),
                "Docker-Content-Digest",
                Digest.sha256(content).toString());
    }

    /** All that name the subject, unfiltered: a registry may leave that to the client. */
    private byte[] referrers(String target) {
        String subject = target.replaceFirst(".*/referrers/", "").replaceFirst("[?].*", "");
        var entries = new ArrayList<Descriptor>();
        manifests.forEach((name, content) -> {
            String text = new String(content, StandardCharsets.UTF_8);
            if (name.startsWith("sha256:") && text.contains("\"subject\"") && text.contains(subject)) {
                String type = text.replaceAll("(?s).*\"artifactType\": \"([^\"]+)\".*", "$1");
                entries.add(new Descriptor(
                        types.get(name),
                        Digest.parse(name),
                        content.length,
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.of(type)));
            }
        });
        return Index.of(entries).toJson();
    }

    private Exchange blob(Seen request, OutputStream out) {
        String digest = request.target().substring(request.target().indexOf("/blobs/") + 7);
        byte[] content = blobs.get(digest);
        if (content == null) {
            return exchange(request, out, 404, error("BLOB_UNKNOWN", "blob unknown"));
        }
        String range = request.headers().get("range");
        if (range == null) {
            return exchange(request, out, 200, content);
        }
        int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        return with(
                exchange(request, out, 206, rest),
                "Content-Range",
                "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
    }

    private Exchange upload(Seen request, byte[] body, OutputStream out) {
        if (body.length > largestRequest) {
            return exchange(request, out, 413, "");
        }
        String target = request.target();
        String location = target.split("\\?")[0];
        if (request.method().equals("POST")) {
            if (target.contains("mount=") && blobs.containsKey(target.replaceAll(".*mount=([^&]+).*", "$1"))) {
                return exchange(request, out, 201, "");
            }
            location = location + "session-" + sessions.incrementAndGet();
        }
        var all = new ByteArrayOutputStream();
        all.writeBytes(uploads.getOrDefault(location, new byte[0]));
        all.writeBytes(body);
        uploads.put(location, all.toByteArray());
        if (request.method().equals("PUT")) {
            Digest digest = blob(all.toByteArray());
            boolean right = target.endsWith("digest=" + digest);
            return exchange(request, out, right ? 201 : 400, right ? "" : error("DIGEST_INVALID", "wrong digest"));
        }
        return with(exchange(request, out, 202, ""), "Location", location + "?_state=abc");
    }

    static String error(String code, String message) {
        return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
    }

    private static Exchange exchange(Seen request, OutputStream out, int status, String body) {
        return exchange(request, out, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Exchange exchange(Seen request, OutputStream out, int status, byte[] body) {
        return new Exchange(request, out, status, Map.of("Content-Length", "" + body.length), body);
    }

    private static Exchange with(Exchange exchange, String name, String value) {
        var headers = new LinkedHashMap<>(exchange.headers());
        headers.put(name, value);
        return new Exchange(exchange.request(), exchange.out(), exchange.status(), headers, exchange.body());
    }

    /** Requests whose target holds {@code part}. */
    List<Seen> seen(String method, String part) {
        var found = new ArrayList<Seen>();
        for (Seen request : seen) {
            if (request.method().equals(method) && request.target().contains(part)) {
                found.add(request);
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
