package org.layerbook.interpreter.session;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/** What may stand where a file or a folder of the store has to be. */
enum BadFile {
    GARBAGE {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            byte[] bytes = new byte[1000];
            new Random(7).nextBytes(bytes);
            Files.write(place, bytes);
        }
    },
    EMPTY {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.createFile(place);
        }
    },
    FOLDER {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.writeString(Files.createDirectory(place).resolve("inside"), "something");
        }
    },
    DANGLING_LINK {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.createSymbolicLink(place, elsewhere.resolve("nothing"));
        }
    },
    LINK_TO_FILE {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.createSymbolicLink(place, elsewhere.resolve("file"));
        }
    },
    LINK_TO_FOLDER {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.createSymbolicLink(place, elsewhere);
        }
    },
    LINK_TO_ITSELF {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.createSymbolicLink(place, place.getFileName());
        }
    },
    FIFO {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            LinuxFiles.mknod(place, FileStat.FIFO | 0600, 0, 0);
        }
    },
    SOCKET {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            // Bound under a short name: the address of a socket holds no more.
            Path made = Files.createTempDirectory("s").resolve("s");
            try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(made));
                Files.move(made, place);
            } finally {
                Files.delete(made.getParent());
            }
        }
    },
    DEVICE {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            LinuxFiles.mknod(place, FileStat.CHAR_DEVICE | 0666, 1, 5); // /dev/zero
        }

        @Override
        boolean isPossible() {
            return isRoot();
        }
    },
    HUGE {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            try (var file = new RandomAccessFile(place.toFile(), "rw")) {
                file.setLength(4L << 30);
            }
        }
    },
    UNREADABLE {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            if (Files.isDirectory(original, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(place);
            } else {
                Files.copy(original, place);
            }
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("---------"));
        }

        @Override
        boolean isPossible() {
            return !isRoot();
        }
    },
    HALF {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            byte[] bytes = Files.isRegularFile(original, LinkOption.NOFOLLOW_LINKS)
                    ? Files.readAllBytes(original)
                    : new byte[0];
            Files.write(place, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
    },
    OTHER_JSON {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.writeString(place, "{\"id\":[1,{\"a\":null}],\"name\":3,\"layers\":{},\"image\":\"sha256:zz\"}");
        }
    },
    EMPTY_JSON {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.writeString(place, "{}\n");
        }
    },
    DEEP_JSON {
        @Override
        void make(Path place, Path original, Path elsewhere) throws IOException {
            Files.write(place, "[".repeat(200_000).getBytes(StandardCharsets.US_ASCII));
        }
    };

    /**
     * @param place where nothing is
     * @param original what was there
     * @param elsewhere a folder outside the store, with {@code file} in it
     */
    abstract void make(Path place, Path original, Path elsewhere) throws IOException;

    boolean isPossible() {
        return true;
    }

    private static boolean isRoot() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
