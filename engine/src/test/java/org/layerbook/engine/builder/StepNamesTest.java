package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;

/** How docker names and numbers the steps of a build. Most names were compared with those of a Docker Engine. */
class StepNamesTest {
    @TempDir
    Path folder;

    private TestBuild build;

    @BeforeEach
    void open() throws Exception {
        build = new TestBuild(folder);
        build.file("f", "x");
    }

    @AfterEach
    void close() throws Exception {
        build.close();
    }

    private List<String> titles(String text) throws Exception {
        var titles = new ArrayList<String>();
        build.builder.build(
                DockerfileParser.parse(text),
                build.settings,
                event -> {
                    if (event instanceof BuildEvent.StepStarted started
                            && started.step().number() > 0) {
                        titles.add(started.title());
                    }
                },
                new Cancellation());
        return titles;
    }

    @Test
    void theTextIsKeptAsItIsWritten() throws Exception {
        assertEquals(
                List.of(
                        "[1/8] COPY   f\t  /f1",
                        "[2/8] COPY [f,    /a b]",
                        "[3/8] ADD f /équoted",
                        "[4/8] COPY f /un",
                        "[5/8] COPY\tF\t/TAB",
                        "[6/8] COPY f  /cont",
                        "[7/8] WORKDIR /xy",
                        "[8/8] RUN  echo \"1\"  ${UNSET} '$V' \t   end"),
                titles("""
                        FROM scratch
                        ARG V=1
                        copy   f	  /f$V\s
                        COPY ["f",    "/a b"]
                        ADD f /é"quoted"
                        COPY f "/u${UNSET}n"
                        copy	f	/tab
                        COPY f \\
                        \\
                          # c

                         /cont
                        WORKDIR /x\\y
                        run  echo "$V"  ${UNSET} '$V' \\ \t
                        \t   end
                        """));
    }

    @Test
    void aHeredocIsNamedByItsFirstLine() throws Exception {
        assertEquals(
                List.of("[1/3] RUN <<EOF (echo one...)", "[2/3] RUN <<-EOF (echo two)", "[3/3] COPY <<EOF /x"),
                titles("""
                        FROM scratch
                        ARG N=one
                        RUN <<EOF

                        echo $N
                        echo two
                        EOF
                        RUN <<-EOF
                        \techo two
                        \tEOF
                        COPY <<"EOF" /x
                        text
                        EOF
                        """));
    }

    @Test
    void secretsInVariablesAreMasked() throws Exception {
        assertEquals(
                List.of("[1/1] RUN --mount=type=secret,id=t,env=TOKEN echo ****"),
                titles("FROM scratch\nENV TOKEN=open\nRUN --mount=type=secret,id=t,env=TOKEN echo $TOKEN\n"));
    }

    @Test
    void numbersArePaddedAndWorkdirOfTheRootHasNone() throws Exception {
        List<String> titles = titles("FROM scratch\n" + "COPY f /f\n".repeat(8) + "WORKDIR /\nCOPY f /g\nWORKDIR w\n");
        assertEquals("[ 1/11] COPY f /f", titles.getFirst());
        assertEquals(List.of("[ 9/11] COPY f /g", "[10/11] WORKDIR w"), titles.subList(8, 10));
    }

    /** Every trigger is counted, those too that make no step; FROM is named before they are known. */
    @Test
    void triggersAreCountedAndNamed() throws Exception {
        var base = build.build("FROM scratch", "ONBUILD copy f /t", "ONBUILD LABEL a=b", "ONBUILD WORKDIR /w");
        build.images.put("base", base.image());
        assertEquals(
                List.of(
                        "[1/2] FROM docker.io/library/base:latest",
                        "[2/5] ONBUILD COPY f /t",
                        "[3/5] ONBUILD WORKDIR /w",
                        "[4/5] COPY f /f"),
                titles("FROM base\nCOPY f /f\n"));
    }

    @Test
    void triggersOfAStageCountInTheStageOnIt() throws Exception {
        assertEquals(
                List.of("[a 1/1] COPY f /a", "[b 1/2] ONBUILD COPY f /t", "[b 2/2] COPY f /b"),
                titles("FROM scratch AS a\nCOPY f /a\nONBUILD COPY f /t\nFROM a AS b\nCOPY f /b\n"));
    }
}
