package org.layerbook.engine.compress;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.MediaTypes;

/** How a stream is compressed: told by its first bytes, as docker does, and not by what anybody calls it. */
public enum Compression {
    NONE(Optional.of(MediaTypes.OCI_LAYER)),
    GZIP(Optional.of(MediaTypes.OCI_LAYER_GZIP), 0x1f, 0x8b),
    ZSTD(Optional.of(MediaTypes.OCI_LAYER_ZSTD), 0x28, 0xb5, 0x2f, 0xfd),
    XZ(Optional.empty(), 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    BZIP2(Optional.empty(), 0x42, 0x5a, 0x68);

    private static final int XZ_MEMORY_KIB = 256 * 1024;
    /** log2 of the window; 128 MiB is what the zstd program itself takes without being asked. */
    private static final int ZSTD_WINDOW_LOG = 27;

    private static final int BUFFER = 1 << 16;

    private final Optional<String> layerType;
    private final List<Integer> magic;

    Compression(Optional<String> layerType, Integer... magic) {
        this.layerType = layerType;
        this.magic = List.of(magic);
    }

    /** The media type of a layer that is compressed so; absent where the OCI image specification has none. */
    public Optional<String> layerType() {
        return layerType;
    }

    /** @param start the first bytes of something */
    public static boolean isCompressed(byte[] start) {
        return of(start) != NONE;
    }

    /** Looks at the first bytes of {@code in}, which stays where it is. */
    public static Compression detect(BufferedInputStream in) throws IOException {
        in.mark(BUFFER);
        byte[] start = in.readNBytes(6);
        in.reset();
        return of(start);
    }

    private static Compression of(byte[] start) {
        for (Compression compression : values()) {
            if (compression != NONE && compression.begins(start)) {
                return compression;
            }
        }
        return NONE;
    }

    private boolean begins(byte[] start) {
        if (this == ZSTD && beginsSkippable(start)) {
            return true;
        }
        if (start.length < magic.size()) {
            return false;
        }
        for (int i = 0; i < magic.size(); i++) {
            if ((start[i] & 0xff) != magic.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** A frame of zstd that holds nothing; parallel compressors begin with one. */
    private static boolean beginsSkippable(byte[] start) {
        return start.length > 3
                && (start[0] & 0xf0) == 0x50
                && (start[1] & 0xff) == 0x2a
                && (start[2] & 0xff) == 0x4d
                && (start[3] & 0xff) == 0x18;
    }

    /** What {@code in} holds when unpacked. Closing it closes {@code in}. */
    public static InputStream decompressed(InputStream in, UnpackLimits limits) throws IOException {
        var buffered = new BufferedInputStream(in, BUFFER);
        return detect(buffered).decompress(buffered, limits);
    }

    /** What {@code in}, compressed so, holds; {@link ArchiveException} where it is a bomb. */
    public InputStream decompress(InputStream in, UnpackLimits limits) throws IOException {
        var counted = new BombGuard.Input(in);
        InputStream out = switch (this) {
            case NONE -> in;
            case GZIP -> gunzip(counted, Isal.library());
            case ZSTD -> new ZstdInputStream(counted).setLongMax(ZSTD_WINDOW_LOG);
            case XZ ->
                XZCompressorInputStream.builder()
                        .setInputStream(counted)
                        .setDecompressConcatenated(true)
                        .setMemoryLimitKiB(XZ_MEMORY_KIB)
                        .get();
            case BZIP2 -> new BZip2CompressorInputStream(counted, true);
        };
        return this == NONE ? out : new BombGuard(out, counted, limits);
    }

    /** By ISA-L where it is there: unpacking a layer is mostly this. */
    static InputStream gunzip(InputStream in, Optional<Isal> isal) throws IOException {
        return isal.isPresent()
                ? isal.get().gunzip(in)
                : GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
    }
}
