package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.layerbook.engine.http.Backoff;
import org.layerbook.engine.http.HttpTransport;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;

/** Requests to one endpoint: finds out its scheme, authenticates, follows redirects, tries again. Thread-safe. */
public final class RegistryHttp {
    private static final Set<Integer> PASSING = Set.of(429, 500, 502, 503, 504);
    private static final int MOST_REDIRECTS = 5;
    private static final int MIRROR_ATTEMPTS = 2;

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private final Tokens tokens;
    private Optional<URI> base = Optional.empty();

    public RegistryHttp(Endpoint endpoint, HttpTransport transport, Tokens.CredentialSource credentials) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.tokens = new Tokens(endpoint, transport, credentials);
    }

    /**
     * @param scopes {@code repository:NAME:pull}, as token servers want them
     * @param body made anew for each attempt
     * @param sent bytes of the body sent so far
     * @param repeatable whether it may be sent again when it has failed
     */
    record Call(
            String method,
            URI uri,
            Map<String, String> headers,
            List<String> scopes,
            Supplier<BodyPublisher> body,
            LongSupplier sent,
            boolean repeatable) {
        Call {
            headers = Map.copyOf(headers);
            scopes = List.copyOf(scopes);
        }

        static Call of(String method, URI uri, List<String> scopes) {
            return new Call(method, uri, Map.of(), scopes, BodyPublishers::noBody, () -> 0, true);
        }

        Call header(String name, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Call(method, uri, more, scopes, body, sent, repeatable);
        }

        Call body(Supplier<BodyPublisher> publisher, LongSupplier progress) {
            return new Call(method, uri, headers, scopes, publisher, progress, repeatable);
        }

        Call once() {
            return new Call(method, uri, headers, scopes, body, sent, false);
        }
    }

    /** Whether the registry has asked for the password itself, and no token for it. */
    public boolean wantsPassword() {
        return tokens.isBasic();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** {@code https://host/v2/}. */
    public synchronized URI base() throws IOException {
        if (base.isEmpty()) {
            base = Optional.of(findBase());
        }
        return base.get();
    }

    /** A loopback registry is first asked without TLS; another one first with it. Nothing secret is sent before this is known. */
    private URI findBase() throws IOException {
        if (!endpoint.scheme().equals(Endpoint.ANY)) {
            return endpoint.base(endpoint.scheme());
        }
        List<String> schemes = endpoint.isLoopback() ? List.of("http", "https") : List.of("https", "http");
        IOException failure = null;
        for (String scheme : schemes) {
            URI candidate = endpoint.base(scheme);
            try (Response answer =
                    transport.send(HttpRequest.newBuilder(candidate).build(), () -> 0)) {
                if (answer.status() != 400) {
                    return candidate;
                }
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
            }
        }
        if (failure == null || failure instanceof ConnectException) {
            // The request itself will say what is wrong.
            return endpoint.base(schemes.getFirst());
        }
        throw unreachable(failure);
    }

    /** A mirror has others behind it: whoever waits for a download is not kept by one that does not work. */
    private int attempts() {
        int attempts = transport.retries().attempts();
        return endpoint.mirror() ? Math.min(MIRROR_ATTEMPTS, attempts) : attempts;
    }

    /**
     * Answers of any status but those that pass (429, 5xx) after the last attempt, and 401.
     *
     * @throws RegistryException for those, and when there is no answer
     */
    Response send(Call call) throws IOException {
        RetryPolicy policy = transport.retries();
        for (int attempt = 1; ; attempt++) {
            boolean last = !call.repeatable || attempt >= attempts();
            Duration wait = policy.delay(attempt + 1);
            try {
                Response answer = authenticated(call);
                if (!PASSING.contains(answer.status())) {
                    return answer;
                }
                try (answer) {
                    Optional<Duration> asked = Backoff.retryAfter(answer);
                    if (last || asked.isPresent() && asked.get().compareTo(policy.longestDelay()) > 0) {
                        throw passing(answer, asked);
                    }
                    String reason = answer.status() == 429 ? Responses.reason(answer) : "";
                    if (reason.startsWith("toomanyrequests") && asked.isEmpty()) {
                        throw RateLimits.exceeded(endpoint.host(), reason);
                    }
                    wait = asked.filter(a -> a.compareTo(policy.firstDelay()) > 0)
                            .orElse(wait);
                }
            } catch (RegistryException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                // Nobody listens there, or speaks another TLS: that seldom passes.
                boolean firm = e instanceof SSLException || e instanceof ConnectException;
                if (last || firm && attempt > 1) {
                    throw unreachable(e);
                }
            }
            Backoff.pause(wait);
        }
    }

    /** What is made of an answer, body and all. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Response answer) throws IOException;
    }

    /** As {@link #send}, and asks again where the body breaks off while it is read. */
    <T> T read(Call call, Reading<T> reading) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (Response answer = send(call)) {
                return reading.read(answer);
            } catch (RegistryException | MalformedException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (attempt >= attempts()) {
                    throw unreachable(e);
                }
            }
            Backoff.pause(transport.retries().delay(attempt + 1));
        }
    }

    private RegistryException passing(Response answer, Optional<Duration> asked) {
        String reason = Responses.reason(answer);
        if (answer.status() == 429) {
            return RateLimits.exceeded(
                    endpoint.host(),
                    reason.isEmpty() && asked.isPresent()
                            ? "retry after " + asked.get().toSeconds() + " s"
                            : reason);
        }
        return new RegistryException(
                Kind.UNREACHABLE,
                endpoint.host() + " returned HTTP status " + answer.status() + (reason.isEmpty() ? "" : ": " + reason));
    }

    private RegistryException unreachable(IOException e) {
        String what = switch (e) {
            case SSLException tls ->
                "TLS failed (" + tls.getMessage()
                        + "); put your own CA certificate in /etc/docker/certs.d/"
                        + endpoint.address()
                        + "/ca.crt";
            case ConnectException refused ->
                "connection failed" + (refused.getMessage() == null ? "" : " (" + refused.getMessage() + ")");
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
        return new RegistryException(Kind.UNREACHABLE, "cannot reach " + endpoint.address() + ": " + what, e);
    }

    private Response authenticated(Call call) throws IOException {
        Optional<String> shown = tokens.header(call.scopes());
        Response answer = redirected(call, shown);
        for (int i = 0; i < 2 && answer.status() == 401 && isOurs(answer.uri()); i++) {
            boolean plain = answer.uri().getScheme().equals("http");
            List<Challenge> challenges = Challenge.parse(answer.headers().allValues("WWW-Authenticate"));
            String reason = Responses.reason(answer);
            answer.close();
            String next = tokens.answer(challenges, call.scopes(), shown, plain);
            if (shown.isPresent() && next.equals(shown.get())) {
                throw new RegistryException(
                        Kind.UNAUTHORIZED,
                        endpoint.host() + ": " + (reason.isEmpty() ? "unauthorized: authentication required" : reason));
            }
            shown = Optional.of(next);
            answer = redirected(call, shown);
        }
        if (answer.status() != 401) {
            return answer;
        }
        answer.close();
        throw new RegistryException(
                Kind.UNAUTHORIZED, answer.uri().getAuthority() + ": unauthorized: authentication required");
    }

    private Response redirected(Call call, Optional<String> authorization) throws IOException {
        URI uri = call.uri();
        for (int redirects = 0; ; redirects++) {
            Response answer = transport.send(request(call, uri, authorization), call.sent());
            Optional<String> location = answer.header("Location");
            if (!HttpTransport.REDIRECTS.contains(answer.status()) || location.isEmpty()) {
                return answer;
            }
            answer.close();
            URI next = resolve(uri, location.get());
            if (redirects >= MOST_REDIRECTS) {
                throw new RegistryException(Kind.REFUSED, endpoint.host() + ": too many redirects");
            }
            if (uri.getScheme().equals("https") && !next.getScheme().equals("https")) {
                throw new RegistryException(Kind.REFUSED, endpoint.host() + ": refusing a redirect from HTTPS to HTTP");
            }
            uri = next;
        }
    }

    static URI resolve(URI from, String location) throws RegistryException {
        return HttpTransport.redirect(from, location)
                .orElseThrow(
                        () -> new RegistryException(Kind.REFUSED, from.getAuthority() + " returned an invalid URL"));
    }

    private HttpRequest request(Call call, URI uri, Optional<String> authorization) throws IOException {
        var builder =
                HttpRequest.newBuilder(uri).method(call.method(), call.body().get());
        call.headers().forEach(builder::header);
        if (isOurs(uri)) {
            authorization.ifPresent(value -> builder.header("Authorization", value));
        }
        return builder.build();
    }

    /** Whether {@code uri} is on the registry itself: nobody else gets to see credentials. */
    private boolean isOurs(URI uri) throws IOException {
        URI own = base();
        return uri.getScheme().equals(own.getScheme()) && uri.getAuthority().equals(own.getAuthority());
    }
}
