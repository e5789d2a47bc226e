package org.layerbook.engine.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** A token server as distribution's "Token Authentication" has it: signs what one user asks for, and nobody else. */
final class TokenServer implements AutoCloseable {
    static final String SERVICE = "practice";
    static final String ISSUER = "tests";

    private final HttpServer server;
    private final PrivateKey key;
    private final String certificate;
    private final String welcome;

    /** @param welcome an {@code Authorization} header */
    TokenServer(Path keyPem, Path certificatePem, String welcome) throws IOException, GeneralSecurityException {
        this.key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(decode(keyPem)));
        this.certificate = Base64.getEncoder().encodeToString(decode(certificatePem));
        this.welcome = welcome;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    private static byte[] decode(Path pem) throws IOException {
        return Base64.getMimeDecoder().decode(Files.readString(pem).replaceAll("-----[^-]+-----", ""));
    }

    String realm() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!welcome.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            byte[] body = ("{\"token\":\"" + token(scopes(exchange)) + "\",\"expires_in\":300}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static List<String> scopes(HttpExchange exchange) {
        var scopes = new ArrayList<String>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String parameter : (query == null ? "" : query).split("&")) {
            if (parameter.startsWith("scope=")) {
                String scope = URLDecoder.decode(parameter.substring(6), StandardCharsets.UTF_8);
                scopes.addAll(List.of(scope.split(" ")));
            }
        }
        return scopes;
    }

    private String token(List<String> scopes) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        var access = new StringBuilder();
        for (String scope : scopes) {
            String[] parts = scope.split(":");
            access.append(access.isEmpty() ? "" : ",")
                    .append("{\"type\":\"" + parts[0] + "\",\"name\":\"" + parts[1] + "\",\"actions\":[\""
                            + parts[2].replace(",", "\",\"") + "\"]}");
        }
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
        String claims = "{\"iss\":\"" + ISSUER + "\",\"sub\":\"me\",\"aud\":\"" + SERVICE + "\",\"exp\":" + (now + 300)
                + ",\"nbf\":" + (now - 10) + ",\"iat\":" + now + ",\"jti\":\"" + UUID.randomUUID() + "\",\"access\":["
                + access + "]}";
        String signed =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + encode(signature.sign());
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
