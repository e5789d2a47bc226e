package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadTest {
    @Test
    void tenThousandLinesComeInOrder() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.execute("lines 10000");
            List<LoopbackClient.Received> heard = kernel.client.untilIdle(id, TestKernel.PATIENCE);
            String expected = IntStream.rangeClosed(1, 10_000)
                    .mapToObj(i -> "line " + i + "\n")
                    .collect(Collectors.joining());
            assertEquals(expected, TestKernel.printed(heard));
            assertTrue(heard.size() < 1000, "so many messages for 10,000 lines: " + heard.size());
        }
    }

    @Test
    void twoStreamsKeepTheirCommonOrder() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.execute("both 2000");
            String text = kernel.client.untilIdle(id, TestKernel.PATIENCE).stream()
                    .filter(message -> message.type().equals("stream"))
                    .map(message -> message.content().get("name").getAsString() + " " + TestKernel.text(message))
                    .collect(Collectors.joining());
            String expected = IntStream.rangeClosed(1, 2000)
                    .mapToObj(i -> "stdout out " + i + "\nstderr err " + i + "\n")
                    .collect(Collectors.joining());
            assertEquals(expected, text);
        }
    }

    @Test
    void linesOfManyThreadsStayWholeAndUnderTheirCell() throws IOException {
        try (var kernel = new TestKernel()) {
            String id = kernel.execute("threads 8");
            List<LoopbackClient.Received> heard = kernel.client.untilIdle(id, TestKernel.PATIENCE);
            assertTrue(heard.stream().allMatch(message -> message.parentId().equals(id)));
            List<String> lines = TestKernel.printed(heard).lines().toList();
            for (int i = 1; i <= 8; i++) {
                String thread = "thread " + i + " ";
                assertEquals(
                        IntStream.rangeClosed(1, 100)
                                .mapToObj(line -> thread + "line " + line)
                                .toList(),
                        lines.stream().filter(line -> line.startsWith(thread)).toList());
            }
        }
    }

    @Test
    void aThousandCellsLeaveNeitherThreadsNorMemoryBehind() throws IOException {
        try (var kernel = new TestKernel()) {
            for (int i = 0; i < 200; i++) {
                kernel.run("echo warm\nlive 2\nshow it");
            }
            int threads = Thread.activeCount();
            long memory = used();
            for (int i = 0; i < 1000; i++) {
                kernel.run("echo hello\nlive 2\nshow it");
            }
            assertEquals(threads, Thread.activeCount());
            long grown = used() - memory;
            assertTrue(grown < 2_000_000, "1,000 cells keep " + grown + " bytes");
        }
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
