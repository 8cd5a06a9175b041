using System.Buffers.Binary;
using System.Text;
using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>What a fault wants to know of a request.</summary>
/// <param name="Xid">The request's own.</param>
/// <param name="Kind">What it asks for.</param>
/// <param name="Path">Empty: it has none that can be read.</param>
internal readonly record struct RequestLook(int Xid, RequestKind Kind, string Path)
{
    private const int XidAt = sizeof(int);
    private const int OpCodeAt = XidAt + sizeof(int);
    private const int BodyAt = OpCodeAt + sizeof(int);

    /// <param name="frame">The request with its length in front; at least a header.</param>
    public static RequestLook Of(ReadOnlySpan<byte> frame)
    {
        var kind = KindOf((OpCode)BinaryPrimitives.ReadInt32BigEndian(frame[OpCodeAt..]));
        return new(BinaryPrimitives.ReadInt32BigEndian(frame[XidAt..]), kind, PathOf(kind, frame[BodyAt..]));
    }

    /// <summary>Whether requests of a kind have a path; their bodies begin with it.</summary>
    public static bool HasPath(RequestKind kind) => kind is RequestKind.Create or RequestKind.Delete
        or RequestKind.Set or RequestKind.Get or RequestKind.Exists or RequestKind.GetChildren or RequestKind.Sync
        or RequestKind.Acl;

    private static RequestKind KindOf(OpCode op) => op switch
    {
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
            or OpCode.CreateRank => RequestKind.Create,
        OpCode.Delete => RequestKind.Delete,
        OpCode.SetData => RequestKind.Set,
        OpCode.GetData => RequestKind.Get,
        OpCode.Exists => RequestKind.Exists,
        OpCode.GetChildren or OpCode.GetChildren2 => RequestKind.GetChildren,
        OpCode.Multi or OpCode.Once => RequestKind.Multi,
        OpCode.Sync => RequestKind.Sync,
        OpCode.Ping => RequestKind.Ping,
        OpCode.CloseSession => RequestKind.Close,
        OpCode.GetAcl or OpCode.SetAcl => RequestKind.Acl,
        OpCode.AddWatch or OpCode.RemoveWatches or OpCode.CheckWatches or OpCode.SetWatches or OpCode.SetWatches2
            or OpCode.WatchFrom =>
            RequestKind.Watch,
        _ => RequestKind.Other,
    };

    private static string PathOf(RequestKind kind, ReadOnlySpan<byte> body)
    {
        if (!HasPath(kind))
            return string.Empty;
        var reader = new JuteReader(body);
        return reader.TryReadBuffer(out var path, out _) ? Encoding.UTF8.GetString(path) : string.Empty;
    }
}
