package org.layerbook.engine.builder.plan;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.AddSource;
import org.layerbook.engine.dockerfile.ChmodMode;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.ImageName;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.oci.Digest;

/** Plans COPY and ADD. */
public final class CopyPlanner {
    private static final Pattern DIGEST = Pattern.compile("([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)");
    private static final int SHA256_LENGTH = 64;

    private final Optional<Long> epoch;
    private final Planner.LayerHistory history;

    public CopyPlanner(Optional<Long> epoch, Planner.LayerHistory history) {
        this.epoch = epoch;
        this.history = history;
    }

    public Step.Copy plan(StageConfig draft, Instruction.Copy copy, Words words) throws DockerfileException {
        StageSources.of(copy);
        Owner owner = Owner.of(copy.chown(), copy.chmod(), words);
        Expanded files = Expanded.of(copy.sources(), copy.destination(), words);
        Step.Options options = options(owner, copy.exclude(), copy.link());
        var sources = new ArrayList<Step.Source>();
        for (String path : files.paths()) {
            if (GitAddress.parse(path).isPresent()) {
                throw new IllegalArgumentException("source can't be a git ref for COPY");
            }
            if (isHttp(path)) {
                throw new IllegalArgumentException("source can't be a URL for COPY");
            }
            sources.add(files(copy.from(), path, copy.parents(), false));
        }
        return finish(draft, "COPY", files, sources, copy.parents(), options);
    }

    public Step.Copy plan(StageConfig draft, Instruction.Add add, Words words) throws DockerfileException {
        Owner owner = Owner.of(add.chown(), add.chmod(), words);
        Optional<String> checksum =
                Optional.of(words.word(add.checksum().orElse(""))).filter(text -> !text.isEmpty());
        Expanded files = Expanded.of(add.sources(), add.destination(), words);
        Step.Options options = options(owner, add.exclude(), add.link());
        if (checksum.isPresent()) {
            checkChecksum(checksum.get(), files.paths());
        }
        var sources = new ArrayList<Step.Source>();
        for (String path : files.paths()) {
            sources.add(source(add, path, checksum));
        }
        return finish(draft, "ADD", files, sources, add.parents(), options);
    }

    private record Owner(String name, String mode) {
        static Owner of(Optional<String> chown, Optional<String> chmod, Words words) throws DockerfileException {
            return new Owner(words.word(chown.orElse("")), words.word(chmod.orElse("")));
        }
    }

    /** What is copied and whereto, with all variables expanded before anything is made of it, as BuildKit does. */
    private record Expanded(List<String> paths, List<Step.Source.Inline> heredocs, String destination) {
        static Expanded of(Instruction.Sources written, String destination, Words words) throws DockerfileException {
            List<String> paths = words.each(written.paths());
            String target = words.word(destination);
            var heredocs = new ArrayList<Step.Source.Inline>();
            for (Instruction.Heredoc heredoc : written.heredocs()) {
                String body = heredoc.stripTabs() ? RunPlanner.withoutTabs(heredoc.content()) : heredoc.content();
                String content = heredoc.expand() ? words.heredoc(body) : body;
                heredocs.add(new Step.Source.Inline(heredoc.delimiter(), content));
            }
            return new Expanded(paths, heredocs, target);
        }
    }

    private static void checkChecksum(String checksum, List<String> paths) {
        if (paths.size() != 1) {
            throw new IllegalArgumentException("checksum can't be specified for multiple sources");
        }
        switch (AddSource.of(paths.getFirst())) {
            case LOCAL -> throw new IllegalArgumentException("checksum requires HTTP(S) or Git sources");
            case HTTP ->
                ImageName.faultOfDigest(checksum).ifPresent(fault -> {
                    throw new IllegalArgumentException(fault);
                });
            case GIT -> {}
        }
    }

    private static Step.Source source(Instruction.Add add, String path, Optional<String> checksum) {
        Optional<GitAddress> git = GitAddress.parse(path);
        if (git.isPresent()) {
            Optional<Boolean> asked = git.get().query().keepGitDir();
            if (asked.isPresent()
                    && add.keepGitDir()
                            .filter(given -> !asked.get().equals(given))
                            .isPresent()) {
                throw new IllegalArgumentException("inconsistent keep-git-dir configuration");
            }
            for (String other : git.get().query().checksum().stream().toList()) {
                if (checksum.filter(given -> !given.equals(other)).isPresent()) {
                    throw new IllegalArgumentException(
                            "checksum mismatch " + GoText.quote(checksum.get()) + " != " + GoText.quote(other));
                }
            }
            return new Step.Source.Git(git.get(), asked.or(add::keepGitDir).orElse(false), checksum);
        }
        if (isHttp(path)) {
            return new Step.Source.Url(
                    path,
                    fileName(path),
                    checksum.map(CopyPlanner::digest),
                    add.unpack().orElse(false));
        }
        return files(Optional.empty(), path, add.parents(), add.unpack().orElse(true));
    }

    /** With the sentences of Go's package {@code digest}; of URLs only SHA-256 is known. */
    private static Digest digest(String checksum) {
        Matcher digest = DIGEST.matcher(checksum);
        if (!digest.matches()) {
            throw new IllegalArgumentException("invalid checksum digest format");
        }
        if (!digest.group(1).equals("sha256")) {
            throw new IllegalArgumentException("unsupported digest algorithm");
        }
        if (digest.group(2).length() != SHA256_LENGTH) {
            throw new IllegalArgumentException("invalid checksum digest length");
        }
        try {
            return Digest.parse(checksum);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid checksum digest format", e);
        }
    }

    private static boolean isHttp(String path) {
        return AddSource.of(path) == AddSource.HTTP;
    }

    private static String fileName(String url) {
        try {
            String base =
                    GoPath.base(Optional.ofNullable(URI.create(url).getPath()).orElse(""));
            return base.equals(".") || base.equals("/") ? "__unnamed__" : base;
        } catch (IllegalArgumentException e) {
            return "__unnamed__";
        }
    }

    /** With {@code --parents}, {@code /./} divides what is left off from what is kept. */
    private static Step.Source files(Optional<String> from, String written, boolean parents, boolean unpack) {
        if (!parents) {
            return new Step.Source.Files(from, GoPath.join("/", written), Optional.empty(), Optional.empty(), unpack);
        }
        int pivot = written.indexOf("/./");
        String path = pivot < 0 ? "/" : GoPath.join("/", written.substring(0, pivot));
        String only = GoPath.join("/", pivot < 0 ? written : written.substring(pivot + 3));
        Optional<String> required = Optional.of(GoPath.join(path, only))
                .filter(p -> !GlobPattern.hasWildcard(path) && !GlobPattern.hasWildcard(only));
        return new Step.Source.Files(from, path, Optional.of(only.substring(1)), required, unpack);
    }

    private Step.Options options(Owner owner, List<String> exclude, boolean link) {
        String mode = owner.mode();
        return new Step.Options(
                Optional.of(owner.name()).filter(name -> !name.isEmpty()),
                mode.isEmpty() ? Optional.empty() : Optional.of(ChmodMode.parse(mode)),
                mode,
                exclude,
                // BuildKit gives --link up where a mode is set.
                link && mode.isEmpty(),
                epoch);
    }

    private Step.Copy finish(
            StageConfig draft,
            String keyword,
            Expanded files,
            List<Step.Source> sources,
            boolean parents,
            Step.Options options) {
        var entry = new StringBuilder(keyword);
        entry.append(parents ? " --parents" : "");
        options.owner().ifPresent(owner -> entry.append(" --chown=").append(owner));
        entry.append(options.modeText().isEmpty() ? "" : " --chmod=" + options.modeText());
        files.paths().forEach(path -> entry.append(' ').append(path));
        for (Step.Source.Inline heredoc : files.heredocs()) {
            sources.add(heredoc);
            entry.append(" <<").append(heredoc.name());
        }
        entry.append(' ').append(files.destination());
        String destination = GoPath.resolveDestination(draft.config().workingDir(), files.destination());
        return new Step.Copy(history.add(draft, entry.toString()), keyword, sources, destination, options);
    }
}
