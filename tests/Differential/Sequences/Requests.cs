using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>The records of requests, field by field (zookeeper-protocol 2.1).</summary>
internal static class Requests
{
    public static Request Create(Op op, WirePath path, byte[]? data, AclList acl, int flags, long ttl = 0)
    {
        var rest = $"{Show(data)} acl {acl.Shown} flags {flags}{(op == Op.CreateTtl ? $" ttl {ttl}" : "")}";
        return WithAcl(acl, Request.Of(op, path, rest, frame =>
        {
            frame.Path(path);
            frame.Buffer(data);
            acl.Write(frame);
            frame.Int(flags);
            if (op == Op.CreateTtl)
                frame.Long(ttl);
        })) with { Flags = flags };
    }

    public static Request Delete(WirePath path, int version) => Request.Of(Op.Delete, path, $"v{version}", frame =>
    {
        frame.Path(path);
        frame.Int(version);
    });

    public static Request SetData(WirePath path, byte[]? data, int version) =>
        Request.Of(Op.SetData, path, $"{Show(data)} v{version}", frame =>
        {
            frame.Path(path);
            frame.Buffer(data);
            frame.Int(version);
        });

    public static Request SetAcl(WirePath path, AclList acl, int version) =>
        WithAcl(acl, Request.Of(Op.SetAcl, path, $"acl {acl.Shown} v{version}", frame =>
        {
            frame.Path(path);
            acl.Write(frame);
            frame.Int(version);
        }));

    public static Request Check(WirePath path, int version) => Request.Of(Op.Check, path, $"v{version}", frame =>
    {
        frame.Path(path);
        frame.Int(version);
    });

    /// <summary>exists, getData, getChildren, getChildren2.</summary>
    public static Request Read(Op op, WirePath path, bool watch) =>
        Request.Of(op, path, watch ? "watch" : "", frame =>
        {
            frame.Path(path);
            frame.Bool(watch);
        });

    /// <summary>sync, getACL, getEphemerals, getAllChildrenNumber.</summary>
    public static Request OnPath(Op op, WirePath path) => Request.Of(op, path, "", frame => frame.Path(path));

    /// <summary>addWatch, checkWatches, removeWatches.</summary>
    public static Request Watch(Op op, WirePath path, int mode) => Request.Of(op, path, $"mode {mode}", frame =>
    {
        frame.Path(path);
        frame.Int(mode);
    }) with { WatchType = mode };

    /// <param name="op">setWatches or setWatches2.</param>
    /// <param name="zxid">Null for what the session saw last.</param>
    /// <param name="lists">data, exist, child; for setWatches2 persistent and recursive too.</param>
    public static Request SetWatches(Op op, long? zxid, IReadOnlyList<IReadOnlyList<WirePath>> lists)
    {
        var shown = string.Join(" | ", lists.Select(list => string.Join(' ', list)));
        return new Request(op, $"{op} zxid {zxid?.ToString() ?? "last"} {shown}", frame =>
        {
            frame.Long(zxid ?? frame.LastZxid);
            foreach (var list in lists)
            {
                frame.Int(list.Count);
                foreach (var path in list)
                    frame.Path(path);
            }
        });
    }

    public static Request Auth(string scheme, string credentials) =>
        new(Op.Auth, $"Auth {scheme} {credentials}", frame =>
        {
            frame.Int(0);
            frame.Text(scheme);
            frame.Text(credentials);
        });

    public static Request Reconfig(string? joining, string? leaving, string? members, long version) =>
        new(Op.Reconfig, $"Reconfig {joining} {leaving} {members} {version}", frame =>
        {
            frame.Text(joining);
            frame.Text(leaving);
            frame.Text(members);
            frame.Long(version);
        });

    public static Request Sasl(byte[]? token) => new(Op.Sasl, $"Sasl {Show(token)}", frame => frame.Buffer(token));

    /// <summary>A header and nothing else: ping, whoAmI, and numbers that mean nothing.</summary>
    public static Request Bare(Op op) => new(op, $"{op}", static _ => { });

    private static Request WithAcl(AclList acl, Request request) =>
        request with { HasNull = request.HasNull || acl.HasNull };

    public static string Show(byte[]? data) => data switch
    {
        null => "null",
        [] => "empty",
        { Length: <= 4 } => Convert.ToHexString(data),
        _ => $"{data.Length}B",
    };
}
