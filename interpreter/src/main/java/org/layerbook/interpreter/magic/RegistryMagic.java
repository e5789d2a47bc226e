package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.practice.PracticeException;
import org.layerbook.interpreter.practice.PracticeSettings;
import org.layerbook.interpreter.practice.PracticeSettings.User;

/** {@code %registry}: a registry on this machine to practise with. */
final class RegistryMagic {
    private static final String PORT = "port";
    private static final String PASSWORD = "password";
    private static final String KEEP = "keep";
    private static final OptionSpec[] OPTIONS = {
        OptionSpec.of(Kind.TEXT, "N", PORT, "With start: port (default 5000); 0 picks a free one"),
        OptionSpec.of(
                Kind.OPTIONAL_TEXT, "USER:PASS", PASSWORD, "With start: require a login (default student:practice)"),
        OptionSpec.of(Kind.TEXT, "DIR", KEEP, "With start: directory in which its images are kept")
                .files()
    };
    private static final String VERBS = "start, stop, status or logs";
    /** Of the session; where it is. */
    private static final String VARIABLE = "REGISTRY";

    private static final int LOG_LINES = 40;
    private static final int LAST_PORT = 65535;

    private static final List<Candidate> WORDS = List.of(
            new Candidate("start", "command", "Start the practice registry"),
            new Candidate("stop", "command", "Stop the practice registry"),
            new Candidate("status", "command", "Show its address and images"),
            new Candidate("logs", "command", "Show its requests"));

    private RegistryMagic() {}

    static final Magic MAGIC = MagicDefinition.line("registry")
            .takes("start|stop|status|logs [OPTION ...]", Arity.ANY, OPTIONS)
            .summary("Run a registry on this machine, to practise push, pull and login offline")
            .help("""
            %registry start                     at localhost:5000; anyone on this machine can push and pull
            %registry start --port 5001         at another port; 0 picks a free one
            %registry start --password          requires a login: user student, password practice
            %registry start --password ann:secret
            %registry start --keep DIR          keeps its images in DIR; otherwise they are removed when it stops
            %registry status                    shows its address and images (also: %registry)
            %registry logs [N]                  shows the last N requests (default 40)
            %registry stop

            It is a real registry, Debian's docker-registry or another build of the same program, and stops with this session. It
            listens on this machine only; host commands can reach it, too. `$REGISTRY` holds its address, so that cells work with
            any port.
            Example: docker tag web $REGISTRY/web:1
                     docker push $REGISTRY/web:1
                     !curl -s $REGISTRY/v2/_catalog""")
            .completes((prefix, hints) -> Stream.concat(
                            WORDS.stream().filter(word -> word.text().startsWith(prefix)),
                            prefix.isEmpty() ? Stream.empty() : hints.paths(prefix, true).stream())
                    .toList())
            .does(RegistryMagic::run);

    private static void run(MagicCall call, MagicContext context) throws MagicException {
        String verb = call.words().isEmpty() ? "status" : call.words().getFirst();
        List<String> words = call.words().stream().skip(1).toList();
        if (!verb.equals("start") && !call.options().values().isEmpty()) {
            throw new MagicException("`%registry " + verb + "` takes no option", "write `%registry " + verb + "`");
        }
        try {
            switch (verb) {
                case "start" -> start(words, call.options(), context);
                case "stop" -> {
                    none(words, "stop");
                    context.print(
                            context.practiceRegistry().stop()
                                    ? "Stopped the practice registry.\n"
                                    : "No practice registry was running.\n");
                }
                case "status" -> {
                    none(words, "status");
                    status(context);
                }
                case "logs" -> logs(words, context);
                default -> throw new MagicException("unknown subcommand `" + verb + "`", "use " + VERBS);
            }
        } catch (PracticeException e) {
            throw new MagicException(e.getMessage(), e.hint());
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static void none(List<String> words, String verb) throws MagicException {
        if (!words.isEmpty()) {
            throw new MagicException("`%registry " + verb + "` takes no argument", "write `%registry " + verb + "`");
        }
    }

    private static void start(List<String> words, Options options, MagicContext context)
            throws MagicException, PracticeException, IOException {
        // What follows `--password` may stand behind an equals sign or a blank.
        boolean hasUser = options.text(PASSWORD).filter(String::isEmpty).isPresent() && !words.isEmpty();
        List<String> left = words.subList(hasUser ? 1 : 0, words.size());
        if (!left.isEmpty()) {
            throw new MagicException(
                    "`%registry start` does not accept `" + left.getFirst() + "`", "see `%registry --help`");
        }
        Optional<String> given = hasUser ? Optional.of(words.getFirst()) : options.nonEmpty(PASSWORD);
        Optional<User> user = given.isPresent()
                ? Optional.of(user(given.get()))
                : options.text(PASSWORD).map(_ -> User.DEFAULT);
        var folder = options.nonEmpty(KEEP)
                .map(name -> context.host().workingDirectory().resolve(name).normalize());
        Optional<String> port = options.text(PORT);
        context.practiceRegistry()
                .start(new PracticeSettings(
                        port.isPresent() ? port(port.get()) : PracticeSettings.DEFAULT_PORT, user, folder));
        var report = context.practiceRegistry().status();
        var environment = new LinkedHashMap<>(context.host().environment());
        report.ifPresent(its -> environment.put(VARIABLE, its.address()));
        context.host().setEnvironment(environment);
        status(context);
    }

    private static int port(String text) throws MagicException {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > LAST_PORT) {
            throw new MagicException("invalid port `" + text + "`", "a port is a number from 0 to " + LAST_PORT);
        }
        return Integer.parseInt(text);
    }

    private static User user(String text) throws MagicException {
        int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new MagicException(
                    "`--password` takes a user and a password", "write `--password ann:secret`, or only `--password`");
        }
        return new User(text.substring(0, colon), text.substring(colon + 1), true);
    }

    private static void status(MagicContext context) throws IOException {
        var report = context.practiceRegistry().status();
        if (report.isPresent()) {
            context.show(report.get());
        } else {
            context.print("No practice registry is running: start one with `%registry start`.\n");
        }
    }

    private static void logs(List<String> words, MagicContext context) throws MagicException, IOException {
        if (words.size() > 1 || !words.stream().allMatch(word -> word.matches("[1-9]\\d{0,6}"))) {
            throw new MagicException("`%registry logs` takes a number of requests", "write `%registry logs 20`");
        }
        int most = words.isEmpty() ? LOG_LINES : Integer.parseInt(words.getFirst());
        var report = context.practiceRegistry().log(most);
        if (report.isPresent()) {
            context.show(report.get());
        } else {
            context.print("No practice registry has been started.\n");
        }
    }
}
