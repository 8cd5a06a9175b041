using System.Buffers.Binary;
using Coord.Fuzz.Runs;

namespace Coord.Fuzz.Clients;

/// <summary>What a client reads: frames, cut where their lengths say.</summary>
internal static class Packets
{
    private const int FrameBytesMax = 16 * 1024 * 1024;

    public static List<byte[]> Cut(byte[] bytes)
    {
        var frames = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes.Length - at < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            if (length < 0 || length > FrameBytesMax || at + 4 + length > bytes.Length)
                throw new FuzzFailedException($"a frame that is none was sent: {Convert.ToHexString(bytes[at..])}");
            frames.Add(bytes[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }

        return frames;
    }

    public static int Int(byte[] frame, int at) => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(at));

    /// <summary>A payload behind its length.</summary>
    public static byte[] Frame(byte[] payload)
    {
        var frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }
}
