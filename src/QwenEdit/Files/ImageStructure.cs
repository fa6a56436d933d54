using System.Buffers.Binary;
using QwenEdit.Imaging;

namespace QwenEdit.Files;

/// <summary>
/// Parses the structure of an image as its bytes arrive, and finds where it ends. It decodes no pixels: an image with damaged pixels counts as
/// complete.
/// </summary>
internal abstract class ImageStructure
{
    private readonly byte[] _header = new byte[12];
    private int _filled;
    private int _needed;
    private long _skip;
    private bool _isBroken;
    private bool _isLast;
    private long _read;

    private ImageStructure(int needed) => _needed = needed;

    /// <summary>The image's length in bytes; <see langword="null"/> while the end has not arrived.</summary>
    internal long? End { get; private set; }

    /// <summary>Returns the parser of a format; <see langword="null"/> for GIF, BMP and TIFF, whose end can't be found.</summary>
    internal static ImageStructure? Of(ImageKind? kind) => kind switch
    {
        ImageKind.Png => new Png(),
        ImageKind.Jpeg => new Jpeg(),
        ImageKind.Webp => new Webp(),
        _ => null,
    };

    /// <summary>Parses the next bytes. Bytes after the end are allowed and ignored.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && End is null && !_isBroken)
        {
            int count = _skip > 0 ? (int)Math.Min(_skip, bytes.Length) : Take(bytes);
            _skip -= _skip > 0 ? count : 0;
            _read += count;
            bytes = bytes[count..];
            if (_filled == _needed && _needed > 0 && _skip == 0 && !_isLast)
            {
                _filled = 0;
                Next(_header);
            }

            if (_isLast && _skip == 0 && !_isBroken)
            {
                End = _read;
            }
        }
    }

    /// <summary>Called when the expected header has arrived.</summary>
    private protected abstract void Next(ReadOnlySpan<byte> header);

    /// <summary>Scans bytes whose length no header gives.</summary>
    /// <returns>How many of them were scanned, including a marker that ends them.</returns>
    private protected virtual int Scan(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    /// <summary>Sets what comes next: bytes to skip, then a header of this length; with length 0, bytes for <see cref="Scan"/>.</summary>
    private protected void Expect(long skip, int header) => (_skip, _needed) = (skip, header);

    /// <summary>Sets the end of the image after this many more bytes.</summary>
    private protected void EndAfter(long skip) => (_skip, _isLast) = (skip, true);

    /// <summary>Sets that the bytes are not a valid image of this format, and have no end.</summary>
    private protected void Break() => _isBroken = true;

    private int Take(ReadOnlySpan<byte> bytes)
    {
        if (_needed == 0)
        {
            return Scan(bytes);
        }

        int count = Math.Min(_needed - _filled, bytes.Length);
        bytes[..count].CopyTo(_header.AsSpan(_filled));
        _filled += count;
        return count;
    }

    /// <summary>A PNG consists of chunks: length, type, data, checksum. The first is IHDR, the last is IEND, and IDAT contains the pixels.</summary>
    private sealed class Png() : ImageStructure(SignatureLength)
    {
        private const int SignatureLength = 8;
        private const int ChecksumLength = 4;

        private bool _hasSignature;
        private bool _hasHeader;
        private bool _hasPixels;

        private protected override void Next(ReadOnlySpan<byte> header)
        {
            if (!_hasSignature)
            {
                _hasSignature = true;
                Expect(0, 8);
                return;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
            ReadOnlySpan<byte> type = header.Slice(4, 4);
            bool isHeader = type.SequenceEqual("IHDR"u8);
            _hasPixels |= type.SequenceEqual("IDAT"u8);
            if (length > int.MaxValue || isHeader == _hasHeader)
            {
                Break();
            }
            else if (!type.SequenceEqual("IEND"u8))
            {
                _hasHeader = true;
                Expect(length + ChecksumLength, 8);
            }
            else if (_hasPixels)
            {
                EndAfter(length + ChecksumLength);
            }
            else
            {
                Break();
            }
        }
    }

    /// <summary>
    /// A JPEG consists of segments: marker, length, data. The pixels of a scan follow its segment, up to the next marker. A thumbnail, which has its
    /// own end marker, is inside a segment.
    /// </summary>
    private sealed class Jpeg() : ImageStructure(2)
    {
        private const byte Start = 0xD8;
        private const byte EndOfImage = 0xD9;
        private const byte StartOfScan = 0xDA;

        private byte _segment;
        private bool _hasScan;
        private bool _isAfterFF;

        private protected override void Next(ReadOnlySpan<byte> header)
        {
            if (_segment != 0)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(header);
                bool isScan = _segment == StartOfScan;
                _segment = 0;
                _hasScan |= isScan;
                if (length < 2)
                {
                    Break();
                }
                else
                {
                    Expect(length - 2, isScan ? 0 : 2);
                }
            }
            else if (header[0] == 0xFF)
            {
                Marker(header[1]);
            }
            else
            {
                Break();
            }
        }

        private protected override int Scan(ReadOnlySpan<byte> bytes)
        {
            int at = 0;
            while (at < bytes.Length)
            {
                if (!_isAfterFF)
                {
                    int found = bytes[at..].IndexOf((byte)0xFF);
                    if (found < 0)
                    {
                        return bytes.Length;
                    }

                    at += found + 1;
                    _isAfterFF = true;
                    continue;
                }

                byte code = bytes[at++];
                _isAfterFF = code == 0xFF;
                // The byte FF belongs to the pixels, a restart marker, or padding.
                if (code is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
                {
                    Marker(code);
                    return at;
                }
            }

            return at;
        }

        private void Marker(byte code)
        {
            switch (code)
            {
                case EndOfImage when _hasScan:
                    EndAfter(0);
                    break;
                case Start:
                    Expect(0, 2);
                    break;
                case 0xFF:
                    // This is padding; the marker's code follows.
                    _isAfterFF = true;
                    Expect(0, 0);
                    break;
                case >= 0xC0 and not EndOfImage:
                    _segment = code;
                    Expect(0, 2);
                    break;
                default:
                    Break();
                    break;
            }
        }
    }

    /// <summary>A WebP is a RIFF file, which contains its length. It consists of chunks: type, length, data, padded to an even length.</summary>
    private sealed class Webp() : ImageStructure(12)
    {
        private long _left = -1;
        private bool _hasPixels;

        private protected override void Next(ReadOnlySpan<byte> header)
        {
            long rest;
            if (_left < 0)
            {
                // The header is "RIFF", the length of the rest, "WEBP".
                _left = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) - 4L;
                rest = 0;
            }
            else
            {
                ReadOnlySpan<byte> type = header[..4];
                long length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
                _left -= 8;
                if (length > _left)
                {
                    Break();
                    return;
                }

                _hasPixels |= type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8) || type.SequenceEqual("ANMF"u8);
                rest = Math.Min(length + (length & 1), _left);
                _left -= rest;
            }

            if (_left >= 8)
            {
                Expect(rest, 8);
            }
            else if (_hasPixels && _left >= 0)
            {
                EndAfter(rest + _left);
            }
            else
            {
                Break();
            }
        }
    }
}
