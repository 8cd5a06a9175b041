using System.Buffers.Binary;
using Coord.Node.Peers;
using Coord.Node.Storage;

namespace Coord.Fuzz.Targets;

/// <summary>Gives a changed peer frame a right length and checksum, so that the decoder behind them sees it.</summary>
internal static class Frames
{
    private const int ChecksumOffset = 4;
    private const int KindOffset = 8;

    public static void Seal(byte[] frame)
    {
        if (frame.Length < PeerFrame.HeaderBytes)
            return;

        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - PeerFrame.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(
            frame.AsSpan(ChecksumOffset), Checksum.Of(frame.AsSpan(KindOffset)));
    }
}
