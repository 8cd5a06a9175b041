using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>One connection to a scripted server, served by a thread of its own.</summary>
internal sealed class ScriptedConnection(ScriptedCluster cluster, Socket socket)
{
    private const int FrameBytesMax = 16 * 1024 * 1024;

    private readonly Lock sendGate = new();
    private readonly HashSet<string> dataWatches = [];
    private readonly HashSet<string> childWatches = [];
    private readonly HashSet<string> treeWatches = [];
    private Stream stream = Stream.Null;
    private volatile bool isCut;

    public long SessionId { get; private set; }

    public int Attachment { get; private set; }

    public void Start()
    {
        cluster.Add(this);
        new Thread(Run) { IsBackground = true, Name = "scripted-connection" }.Start();
    }

    public void Cut()
    {
        isCut = true;
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut already.
        }
    }

    public bool IsLive(long session) => cluster.Sessions.Contains(session);

    public void Watch(bool isChild, string path) => (isChild ? childWatches : dataWatches).Add(path);

    public void WatchTree(string path) => treeWatches.Add(path);

    /// <summary>Takes all kinds of watches off a path.</summary>
    public void Unwatch(string path)
    {
        dataWatches.Remove(path);
        childWatches.Remove(path);
        treeWatches.Remove(path);
    }

    /// <summary>Sends what was missed, and sets the rest again (zookeeper-protocol.md 6.6).</summary>
    public void Rearm(ScriptedRequest request, ScriptedTree tree)
    {
        foreach (var path in request.Watches[0])
        {
            if (tree.Find(path) is not { } node)
                SendEvent(WatchEventType.NodeDeleted, path);
            else if (node.Mzxid > request.LastZxid)
                SendEvent(WatchEventType.NodeDataChanged, path);
            else
                dataWatches.Add(path);
        }

        foreach (var path in request.Watches[1])
        {
            if (tree.Find(path) is not null)
                SendEvent(WatchEventType.NodeCreated, path);
            else
                dataWatches.Add(path);
        }

        foreach (var path in request.Watches[2])
        {
            if (tree.Find(path) is not { } node)
                SendEvent(WatchEventType.NodeDeleted, path);
            else if (node.Pzxid > request.LastZxid)
                SendEvent(WatchEventType.NodeChildrenChanged, path);
            else
                childWatches.Add(path);
        }

        treeWatches.UnionWith(request.Watches[4]);
    }

    public void Fire(WatchEventType type, string path, long zxid)
    {
        var isWatched = type == WatchEventType.NodeChildrenChanged ? childWatches.Remove(path)
            : dataWatches.Remove(path);
        if (type == WatchEventType.NodeDeleted)
            isWatched |= childWatches.Remove(path);
        if (type != WatchEventType.NodeChildrenChanged)
        {
            isWatched |= treeWatches.Any(root => root == "/" || path == root
                || path.StartsWith($"{root}/", StringComparison.Ordinal));
        }

        if (isWatched)
            SendEvent(type, path);
    }

    public void Reply(ScriptedRequest request, long zxid, ScriptedReply reply)
    {
        var frame = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(frame);
        new ReplyHeader(request.Xid, new Zxid(zxid), reply.Error).Write(ref writer);
        writer.Complete();
        if (reply.Error == ErrorCode.Ok)
            frame.Write(reply.Body.WrittenSpan);
        Send(frame.WrittenSpan);
    }

    private void Run()
    {
        try
        {
            stream = Open();
            if (Shake(ReadFrame()))
            {
                // What was received behind a request that was lost is lost with it: a connection keeps its order.
                while (ReadFrame() is { } frame && !isCut)
                    cluster.Handle(this, ScriptedRequest.Read(frame));
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or ObjectDisposedException)
        {
            // The client went away.
        }
        finally
        {
            cluster.Remove(this);
            socket.Dispose();
        }
    }

    private Stream Open()
    {
        var plain = new NetworkStream(socket);
        if (cluster.Tls is null)
            return plain;
        var tls = new SslStream(plain);
        tls.AuthenticateAsServer(cluster.Tls);
        return tls;
    }

    private bool Shake(byte[]? payload)
    {
        var reader = new JuteReader(payload);
        if (payload is null || !ConnectRequest.TryRead(ref reader, out var request))
            return false;
        var session = cluster.Attach(this, request.SessionId, request.LastZxidSeen, request.TimeoutMs);
        if (session is null)
            return false;
        SessionId = session.Id;
        Attachment = session.Attachment;
        var frame = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(frame);
        writer.WriteInt32(0);
        writer.WriteInt32(session.TimeoutMs);
        writer.WriteInt64(session.Id);
        writer.WriteBuffer(new byte[16]);
        writer.WriteBool(false);
        writer.Complete();
        Send(frame.WrittenSpan);
        return session.Id != 0;
    }

    private void SendEvent(WatchEventType type, string path)
    {
        var frame = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(frame);
        new ReplyHeader(-1, new Zxid(-1), ErrorCode.Ok).Write(ref writer);
        writer.WriteInt32((int)type);
        writer.WriteInt32(3);
        writer.WriteString(path);
        writer.Complete();
        Send(frame.WrittenSpan);
    }

    private void Send(ReadOnlySpan<byte> payload)
    {
        var frame = new byte[payload.Length + sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(sizeof(int)));
        try
        {
            lock (sendGate)
                stream.Write(frame);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Cut meanwhile: the reply is lost, as on a real network.
        }
    }

    private byte[]? ReadFrame()
    {
        var prefix = new byte[sizeof(int)];
        if (!ReadAll(prefix))
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 0 or > FrameBytesMax)
            return null;
        var payload = new byte[length];
        return ReadAll(payload) ? payload : null;
    }

    private bool ReadAll(Span<byte> into)
    {
        while (into.Length > 0)
        {
            var count = stream.Read(into);
            if (count == 0)
                return false;
            into = into[count..];
        }

        return true;
    }
}
