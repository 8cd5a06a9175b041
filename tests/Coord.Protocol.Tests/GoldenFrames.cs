namespace Coord.Protocol.Tests;

/// <summary>
/// Whole frames as real clients and servers exchange them, length first (zookeeper-protocol 14): built by the record
/// rules with example values and compared with live traffic of Apache ZooKeeper 3.8 of the same shape.
/// </summary>
internal static class GoldenFrames
{
    public const string ConnectNew =
        "0000002d 00000000 00000000 00000000 00002710 00000000 00000000 00000010 00000000 00000000 "
        + "00000000 00000000 00";

    public const string ConnectAccepted =
        "00000025 00000000 00002710 0100001e 7ac80000 00000010 00010203 04050607 08090a0b 0c0d0e0f "
        + "00";

    public const string ConnectRefused =
        "00000025 00000000 00000000 00000000 00000000 00000010 00000000 00000000 00000000 00000000 "
        + "00";

    public const string Ping = "00000008 fffffffe 0000000b";

    public const string PingReply = "00000010 fffffffe 00000000 00000002 00000000";

    public const string Create =
        "00000032 00000001 00000001 00000002 2f610000 00017800 00000100 00001f00 00000577 6f726c64 00000006 616e796f "
        + "6e650000 0000";

    public const string CreateReply = "00000016 00000001 00000000 00000003 00000000 00000002 2f61";

    public const string GetData = "0000000f 00000002 00000004 00000002 2f6101";

    public const string GetDataReply =
        "00000059 00000002 00000000 00000003 00000000 00000001 78000000 00000000 03000000 00000000 03000001 8bcfe568 "
        + "00000001 8bcfe568 00000000 00000000 00000000 00000000 00000000 00000000 01000000 00000000 00000000 03";

    public const string NoNodeReply = "00000010 00000003 00000000 00000003 ffffff9b";

    public const string DataChangedEvent =
        "0000001e ffffffff 00000000 00000004 00000000 00000003 00000003 00000002 2f61";

    public const string Multi =
        "00000056 00000004 0000000e 00000001 00ffffff ff000000 022f6d00 00000000 00000100 00001f00 00000577 6f726c64 "
        + "00000006 616e796f 6e650000 00000000 000d00ff ffffff00 0000022f 61000000 63ffffff ff01ffff ffff";

    public const string Auth = "0000001d fffffffc 00000064 00000000 00000006 64696765 73740000 0003753a 70";

    public const string SetWatches =
        "00000022 fffffff8 00000065 00000000 00000003 00000001 00000002 2f610000 00000000 0000";

    public const string CloseSession = "00000008 00000006 fffffff5";

    /// <summary>Payloads of all requests but the handshake, behind their header.</summary>
    public static TheoryData<string> Requests => [Create, GetData, Multi, Auth, SetWatches];

    /// <summary>A frame's payload; its length prefix is checked on the way.</summary>
    public static byte[] Payload(string frame)
    {
        var bytes = Hex.Bytes(frame);
        Assert.Equal(FrameStatus.Complete, FrameReader.TryRead(bytes, bytes.Length, out var length));
        Assert.Equal(bytes.Length - FrameReader.PrefixLength, length);
        return bytes[FrameReader.PrefixLength..];
    }
}
