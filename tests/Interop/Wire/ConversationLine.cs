using System.Buffers.Binary;

namespace Coord.Interop.Wire;

/// <summary>One frame of a recorded conversation (tests/Coord.Protocol.Tests/Captures).</summary>
/// <param name="Connection">Which connection of its client, counted from 1.</param>
/// <param name="IsRequest">From the client.</param>
/// <param name="Frame">The bytes, length first.</param>
internal sealed record ConversationLine(int Connection, bool IsRequest, byte[] Frame)
{
    private const int PingXid = -2;

    public int Xid => BinaryPrimitives.ReadInt32BigEndian(Frame.AsSpan(4));

    /// <summary>Pings come by the clock of the recording: they are no part of what is repeated.</summary>
    public bool IsPing => Frame.Length is 12 or 20 && Xid == PingXid;

    public int Type => BinaryPrimitives.ReadInt32BigEndian(Frame.AsSpan(8));

    public static ConversationLine[] Read(string file) => File.ReadLines(file).Where(line => line[0] != '#')
        .Select(line => line.Split(' '))
        .Select(part => new ConversationLine(int.Parse(part[0]), part[1] == ">", Convert.FromHexString(part[2])))
        .Where(line => !line.IsPing).ToArray();
}
