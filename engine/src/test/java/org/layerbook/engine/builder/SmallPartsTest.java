package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.builder.plan.GitAddress;
import org.layerbook.engine.builder.plan.HistoryTimes;
import org.layerbook.engine.builder.plan.UrlCredentials;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.golang.GoFormat;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.sandbox.UserLookup;

/** Tables for the small functions. */
class SmallPartsTest {
    /** A number or root, twice, is not looked up; anything else is. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            root:root,  0,  0
            root:5,     0,  5
            5:root,     5,  0
            5:6,        5,  6
            root,       1,  2
            me:root,    7,  3
            """)
    void twoIdsOfAUserNeedNoFiles(String user, int uid, int gid, @TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/passwd"), "root:x:1:2::/:\nme:x:7:8::/:\n");
        Files.writeString(root.resolve("etc/group"), "root:x:3:\nother:x:9:root,me\n");
        var identity = new UserLookup(root).process(user);
        assertEquals(uid, identity.uid());
        assertEquals(gid, identity.gid());
        Files.delete(root.resolve("etc/passwd"));
        Files.delete(root.resolve("etc/group"));
        if (!user.equals("root") && !user.startsWith("me")) {
            assertEquals(gid, new UserLookup(root).process(user).gid());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /a//b/./c/,  /a/b/c
            /a/../../b,  /b
            a/../..,     ..
            '',          .
            /,           /
            ./,          .
            """)
    void pathsAreCleanedAsGoDoes(String path, String clean) {
        assertEquals(clean, GoPath.clean(path));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /w,  a,      /w/a
            /w,  a/,     /w/a/
            /w,  .,      /w/
            /w,  '',     /w/
            /w,  ./b/.,  /w/b/.
            /w,  /x/,    /x/
            /w,  ../..,  /
            '',  a,      /a
            /w,  /.,     /.
            """)
    void destinationsKeepWhatSaysThatTheyAreFolders(String workdir, String written, String destination) {
        assertEquals(destination, GoPath.resolveDestination(workdir, written));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "1500,1.5µs",
        "2000000,2ms",
        "30000000000,30s",
        "61500000000,1m1.5s",
        "3600000000000,1h0m0s",
        "-5000000000,-5s",
        "999,999ns"
    })
    void durationsReadAsInGo(long nanos, String text) {
        assertEquals(text, GoFormat.duration(Duration.ofNanos(nanos)));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z,2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.120Z,2026-01-02T03:04:05.12Z",
        "2026-01-02T03:04:05.000000001Z,2026-01-02T03:04:05.000000001Z"
    })
    void timesAreWrittenAsGoWritesThem(Instant time, String text) {
        assertEquals(text, HistoryTimes.format(time));
    }

    /** Entries by the hour they were made, {@code -} for none yet; the second list is what they get. */
    @ParameterizedTest
    @CsvSource({"1 2,1 2", "1 - -,1 1 1", "1 - 3 -,1 3 3 3", "- - 3,3 3 3", "-,-", "1 2 - 4 - 6 -,1 2 4 4 4 6 6"})
    void entriesWithoutLayersGetTimesFromThoseWith(String given, String filled) {
        var history = new ArrayList<ImageConfig.History>();
        for (String hour : given.split(" ")) {
            history.add(new ImageConfig.History(
                    hour.equals("-") ? Optional.empty() : Optional.of(hour),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    hour.equals("-")));
        }
        List<String> got = HistoryTimes.filledIn(history).stream()
                .map(entry -> entry.created().orElse("-"))
                .toList();
        assertEquals(filled, String.join(" ", got));
    }

    @Test
    void aVariableThatIsSetAgainMovesToTheEnd() {
        Environment environment = Environment.of(List.of("a=1", "b=2", "c")).with("a", "3");
        assertEquals(List.of("b=2", "c=", "a=3"), environment.entries());
    }

    @Test
    void proxiesComeInBothSpellings() {
        Environment proxies =
                BuildArguments.proxies(Map.of("https_proxy", "p", "NO_PROXY", "n", "FTP_PROXY", "", "OTHER", "o"));
        assertEquals(List.of("NO_PROXY=n", "no_proxy=n", "HTTPS_PROXY=p", "https_proxy=p"), proxies.entries());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://h/r.git,                          https://h/r.git,      '',              ''
            https://h/r.git#v1,                       https://h/r.git,      v1,              ''
            https://h/r.git#:sub,                     https://h/r.git,      '',              sub
            http://h:1/p/r.git#a/b:s%20d,             http://h:1/p/r.git,   a/b,             s d
            git://h/r#v1:sub,                         git://h/r,            v1,              sub
            git@h:o/r.git#b:/a/../c/,                 git@h:o/r.git,        b,               c
            me@h:r,                                   me@h:r,               '',              ''
            ssh://h/r#b:../../x,                      ssh://h/r,            b,               x
            https://h/r.git?branch=main,              https://h/r.git,      refs/heads/main, ''
            https://h/r.git?tag=v1&subdir=d/e,        https://h/r.git,      refs/tags/v1,    d/e
            https://h/r.git?ref=v1&keep-git-dir#v1,   https://h/r.git,      v1,              ''
            https://h/r.git?commit=0123abc,           https://h/r.git,      '',              ''
            HTTPS://h/r.git#v1,                       https://h/r.git,      v1,              ''
            https://h/r.git#v1%3Ad,                   https://h/r.git,      v1,              d
            https://h/r.git?subdir=a+b%2Bc,           https://h/r.git,      '',              a b+c
            https://h/r.git?ref=%zz&subdir=d,         https://h/r.git,      '',              d
            git@h:o/r.git?branch=b&subdir=d#:d,       git@h:o/r.git,        refs/heads/b,    d
            git@h:o/r#a?b,                            git@h:o/r,            a?b,             ''
            https://h/r.git?submodules=false#v1:d,    https://h/r.git,      v1,              d
            """)
    void repositoriesAreReadFromTheirAddresses(String text, String remote, String ref, String subdir) {
        GitAddress address = GitAddress.parse(text).orElseThrow();
        assertEquals(List.of(remote, ref, subdir), List.of(address.remote(), address.ref(), address.subdir()));
        assertEquals(GitAddress.parseContext(text), GitAddress.parse(text));
        assertEquals(text, address.toString());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            https://h/r.git?x=1,                  unexpected query "x"
            https://h/r.git?ref,                  query "ref" has no value
            https://h/r.git?ref=a#b,              'ref conflicts: "b" vs "a"'
            https://h/r.git?tag=a&branch=b,       branch conflicts with tag
            https://h/r.git?subdir=a#:b,          'subdir conflicts: "b" vs "a"'
            https://h/r.git?submodules=perhaps,   'invalid submodules value: "perhaps"'
            https://h/r.git?ref=a&ref=a,          query "ref" has multiple values
            https://h/r.git?mtime=now,            'invalid mtime value: "now" (must be "checkout" or "commit")'
            https://h/r.git?fetch-by-commit=x,    'invalid fetch-by-commit value: "x"'
            git@h:r?branch=b#c,                   'ref conflicts: "c" vs "refs/heads/b"'
            """)
    void whatAnAddressCannotSay(String text, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> GitAddress.parse(text));
        assertEquals(message, e.getMessage());
    }

    @Test
    void aContextMayLeaveOutTheSchemeOfGithub() {
        assertEquals(Optional.empty(), GitAddress.parse("github.com/o/r"));
        GitAddress address = GitAddress.parseContext("github.com/o/r#v1:d").orElseThrow();
        assertEquals("https://github.com/o/r", address.remote());
        assertEquals("d", address.subdir());
        assertEquals("github.com/o/r#v1:d", address.toString());
    }

    @Test
    void passwordsOfAddressesAreNotShown() {
        GitAddress address = GitAddress.parse("https://me:secret@h/r.git#v1").orElseThrow();
        assertEquals("https://me:secret@h/r.git", address.remote());
        assertEquals("https://xxxxx:xxxxx@h/r.git#v1", address.toString());
        assertEquals("https://h/a:b@c", UrlCredentials.hidden("https://h/a:b@c"));
    }

    @Test
    void otherAddressesAreNoRepositories() {
        for (String text : List.of(
                "https://h/r",
                "https://h/r.git/",
                "https://h/r?x=.git",
                "./r.git",
                "/r.git",
                "r.git",
                "dir/git@x",
                "file:///r.git",
                "ftp://h/r.git")) {
            assertEquals(Optional.empty(), GitAddress.parse(text), text);
        }
    }

    @Test
    void aDigestIsKnownOnlyForTheSameFileInTheSameState(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "text");
        FileStat stat = LinuxFiles.lstat(file);
        Instant later = Instant.now().plusSeconds(60);
        byte[] digest = new byte[32];
        digest[0] = 7;
        var first = new StatCache(folder.resolve("memory")).context(folder);
        first.remember(stat, digest, later);
        first.save();

        var second = new StatCache(folder.resolve("memory")).context(folder);
        second.load();
        assertTrue(second.find(stat).isPresent());
        assertEquals(7, second.find(stat).get()[0]);
        LinuxFiles.setTimes(file, 1, 0);
        assertTrue(second.find(LinuxFiles.lstat(file)).isEmpty());
    }

    @Test
    void whatIsTooFreshIsNotRemembered(@TempDir Path folder) throws IOException {
        FileStat stat = LinuxFiles.lstat(Files.writeString(folder.resolve("f"), "text"));
        var context = new StatCache(folder.resolve("memory")).context(folder);
        Instant changed = Instant.ofEpochSecond(stat.ctimeSeconds(), stat.ctimeNanos());
        context.remember(stat, new byte[32], changed.plusMillis(1));
        assertTrue(context.find(stat).isEmpty());
    }

    @Test
    void aDamagedMemoryIsOnlyForgotten(@TempDir Path folder) throws IOException {
        FileStat stat = LinuxFiles.lstat(Files.writeString(folder.resolve("f"), "text"));
        var context = new StatCache(folder.resolve("memory")).context(folder);
        context.remember(stat, new byte[32], Instant.now().plusSeconds(60));
        context.save();
        try (var files = Files.list(folder.resolve("memory"))) {
            Path memory = files.findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(memory);
            bytes[50]++;
            Files.write(memory, bytes);
        }
        var again = new StatCache(folder.resolve("memory")).context(folder);
        again.load();
        assertFalse(again.find(stat).isPresent());
    }
}
