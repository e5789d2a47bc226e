package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.http.Backoff;
import org.layerbook.engine.http.HttpTransport;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.oci.Json;

/**
 * What one registry wants to be shown with a request, by its challenges: Basic credentials, or a token for a scope, fetched
 * from the token server that it names (distribution's "Token Authentication", and its OAuth2 form for identity tokens).
 * Thread-safe; many that need the same token wait for one.
 */
public final class Tokens {
    private static final String CLIENT = "layerbook";
    private static final int MOST = 1 << 20;
    private static final Duration SPARE = Duration.ofSeconds(10);
    /** What a token without a time lives (the specification's default). */
    private static final long DEFAULT_SECONDS = 60;

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private final CredentialSource credentials;
    private final Map<List<String>, Token> tokens = new HashMap<>();
    private Optional<Challenge> challenge = Optional.empty();

    /** Where credentials come from; asked only when a registry wants some. */
    @FunctionalInterface
    public interface CredentialSource {
        Optional<Credentials> get(String host) throws IOException;
    }

    private record Token(String header, Instant until) {}

    Tokens(Endpoint endpoint, HttpTransport transport, CredentialSource credentials) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.credentials = credentials;
    }

    /** The header to send right away, when the registry has asked for one before. */
    synchronized Optional<String> header(List<String> scopes) throws IOException {
        return challenge.isEmpty() ? Optional.empty() : Optional.of(header(challenge.get(), scopes));
    }

    /** Whether the registry wants the password itself, and no token for it. */
    synchronized boolean isBasic() {
        return challenge.filter(c -> c.scheme().equals("basic")).isPresent();
    }

    /**
     * What to send after a 401.
     *
     * @param sent with the request that was refused
     * @throws RegistryException when there is nothing better to send
     */
    synchronized String answer(List<Challenge> challenges, List<String> scopes, Optional<String> sent, boolean plain)
            throws IOException {
        Challenge best = challenges.stream()
                .filter(c -> c.scheme().equals("bearer") && c.parameter("realm").isPresent())
                .findFirst()
                .or(() -> challenges.stream()
                        .filter(c -> c.scheme().equals("basic"))
                        .findFirst())
                .orElseThrow(() -> unauthorized("unsupported authentication scheme"));
        if (best.scheme().equals("bearer")) {
            checkRealm(best, plain);
            if (sent.isPresent()
                    && tokens.get(scopes) != null
                    && tokens.get(scopes).header.equals(sent.get())) {
                tokens.remove(scopes);
            }
        }
        challenge = Optional.of(best);
        return header(best, scopes);
    }

    private String header(Challenge wanted, List<String> scopes) throws IOException {
        if (wanted.scheme().equals("basic")) {
            return credentials
                    .get(endpoint.host())
                    .filter(c -> !c.identityToken())
                    .map(Credentials::basic)
                    .orElseThrow(() -> unauthorized("no basic auth credentials"));
        }
        Token known = tokens.get(scopes);
        if (known == null || Instant.now().isAfter(known.until)) {
            known = fetch(wanted, scopes);
            tokens.put(scopes, known);
        }
        return known.header;
    }

    /** A registry with TLS may not make us tell a password in the clear. */
    private void checkRealm(Challenge bearer, boolean plain) throws RegistryException {
        String realm = bearer.parameter("realm").orElseThrow();
        boolean safe = realm.startsWith("https://") || plain && realm.startsWith("http://");
        if (!safe) {
            throw new RegistryException(
                    RegistryException.Kind.REFUSED, endpoint.host() + ": the token server does not use HTTPS");
        }
    }

    private Token fetch(Challenge bearer, List<String> scopes) throws IOException {
        Optional<Credentials> own = credentials.get(endpoint.host());
        HttpRequest request = own.isPresent() && own.get().identityToken()
                ? exchange(bearer, scopes, own.get())
                : ask(bearer, scopes, own);
        for (int attempt = 1; ; attempt++) {
            try (Response answer = transport.send(request, () -> 0)) {
                boolean last = attempt >= transport.retries().attempts();
                if (answer.isSuccess()) {
                    return read(Responses.bytes(answer, MOST, "the answer of the token server"));
                }
                if (answer.status() == 401 || answer.status() == 403 || answer.status() == 400) {
                    throw unauthorized(own.isPresent() ? "incorrect username or password" : "authentication required");
                }
                if (last || answer.status() < 500 && answer.status() != 429) {
                    throw new RegistryException(
                            RegistryException.Kind.UNREACHABLE,
                            "the token server of " + endpoint.host() + " returned HTTP status " + answer.status());
                }
            }
            Backoff.pause(transport.retries().delay(attempt + 1));
        }
    }

    private static HttpRequest ask(Challenge bearer, List<String> scopes, Optional<Credentials> own) {
        var query = new StringBuilder();
        bearer.parameter("service").ifPresent(service -> parameter(query, "service", service));
        scopes.forEach(scope -> parameter(query, "scope", scope));
        own.ifPresent(c -> parameter(query, "account", c.username()));
        String realm = bearer.parameter("realm").orElseThrow();
        var builder = HttpRequest.newBuilder(URI.create(realm + (realm.contains("?") ? "&" : "?") + query));
        own.ifPresent(c -> builder.header("Authorization", c.basic()));
        return builder.build();
    }

    private static HttpRequest exchange(Challenge bearer, List<String> scopes, Credentials own) {
        var form = new StringBuilder();
        parameter(form, "grant_type", "refresh_token");
        parameter(form, "service", bearer.parameter("service").orElse(""));
        parameter(form, "client_id", CLIENT);
        parameter(form, "scope", String.join(" ", scopes));
        parameter(form, "refresh_token", own.secret());
        return HttpRequest.newBuilder(URI.create(bearer.parameter("realm").orElseThrow()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                .build();
    }

    private static void parameter(StringBuilder text, String name, String value) {
        text.append(text.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private Token read(byte[] bytes) throws IOException {
        Json json = Json.parse(bytes, "answer of the token server");
        String token = json.string("token")
                .or(() -> accessToken(json))
                .orElseThrow(() -> unauthorized("the token server returned no token"));
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw unauthorized("the token server returned an invalid token");
        }
        long seconds = Math.max(json.integer("expires_in"), 0);
        Duration life = Duration.ofSeconds(seconds == 0 ? DEFAULT_SECONDS : Math.min(seconds, 86_400));
        return new Token("Bearer " + token, Instant.now().plus(life).minus(SPARE));
    }

    private static Optional<String> accessToken(Json json) {
        try {
            return json.string("access_token");
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private RegistryException unauthorized(String why) {
        return new RegistryException(RegistryException.Kind.UNAUTHORIZED, endpoint.host() + ": unauthorized: " + why);
    }
}
