using System.Globalization;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>
/// ZooKeeper's rules written as plainly as possible: a dictionary of paths, copied whole before a multi. What the real
/// tree is compared with.
/// </summary>
internal sealed class NaiveZooKeeper
{
    private static readonly string[] Protected = ["/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"];

    private Dictionary<string, ModelZnode> _znodes = new(StringComparer.Ordinal)
    {
        ["/"] = new ModelZnode(),
        ["/zookeeper"] = new ModelZnode(),
        ["/zookeeper/quota"] = new ModelZnode(),
        ["/zookeeper/config"] = new ModelZnode { Version = -1, Aversion = -1, Acl = [(1, "world", "anyone")] },
    };

    private List<string> _changes = [];

    public IEnumerable<string> Paths => _znodes.Keys;

    public ModelZnode this[string path] => _znodes[path];

    /// <summary>Runs a request and returns error, reply body and changes.</summary>
    public (ErrorCode Error, byte[] Body, List<string> Changes) Run(ZnodeRequest request, ModelContext context)
    {
        _changes = [];
        if (request is ZnodeRequest.Multi multi)
            return RunMulti(multi, context);

        var body = new Wire();
        var error = RunOne(request, context, isMulti: false, body);
        return (error, error == ErrorCode.Ok ? body.ToArray() : [], _changes);
    }

    /// <summary>Ends a session: its ephemerals go in the order of their paths.</summary>
    public List<string> EndSession(long session, long zxid)
    {
        _changes = [];
        foreach (string path in _znodes.Where(z => z.Value.Owner == session).Select(z => z.Key)
            .Order(StringComparer.Ordinal).ToList())
            Remove(path, zxid);
        return _changes;
    }

    /// <summary>The leader's sweep of one znode (zookeeper-protocol 9.2, 9.3).</summary>
    public List<string> Sweep(string path, long czxid, long neverUsedMs, ModelContext context)
    {
        _changes = [];
        if (!_znodes.TryGetValue(path, out var znode) || znode.Czxid != czxid || ChildrenOf(path).Any())
            return _changes;
        long age = context.TimeMs - znode.Mtime;
        bool isUnused = znode.ChildrenCreated == 0 && !(neverUsedMs > 0 && age > neverUsedMs);
        if ((znode.Owner == -1 && !isUnused) || (znode.Ttl > 0 && age > znode.Ttl))
            Remove(path, context.Zxid);
        return _changes;
    }

    /// <summary>The data as a client reads them.</summary>
    public string? ValueSeen(string path) => ModelQuotas.Read(_znodes, path);

    /// <summary>The Stat as a client reads it.</summary>
    public Stat StatSeen(string path) => StatOf(path) with { DataLength = ValueSeen(path)?.Length ?? 0 };

    public int DescendantsOf(string path) => _znodes.Keys.Count(p =>
        p.Length > path.Length && p.StartsWith(path == "/" ? path : path + "/", StringComparison.Ordinal));

    public IEnumerable<string> ChildrenOf(string path) =>
        _znodes.Keys.Where(p => p != "/" && ParentOf(p) == path).Select(p => p[(p.LastIndexOf('/') + 1)..]);

    public Stat StatOf(string path)
    {
        var znode = _znodes[path];
        int children = ChildrenOf(path).Count();
        return new Stat(znode.Czxid, znode.Mzxid, znode.Ctime, znode.Mtime, znode.Version,
            (int)((2 * znode.ChildrenCreated) - children), znode.Aversion, Math.Max(znode.Owner, 0),
            znode.Value?.Length ?? 0, children, znode.Pzxid);
    }

    private (ErrorCode Error, byte[] Body, List<string> Changes) RunMulti(
        ZnodeRequest.Multi multi, ModelContext context)
    {
        if (multi.Parts.Any(IsForbiddenInMulti))
            return (ErrorCode.MarshallingError, [], []);

        var before = _znodes.ToDictionary(z => z.Key, z => z.Value.Copy(), StringComparer.Ordinal);
        var body = new Wire();
        for (int i = 0; i < multi.Parts.Length; i++)
        {
            var part = new Wire();
            var error = RunOne(multi.Parts[i], context, isMulti: true, part);
            if (error == ErrorCode.Ok)
            {
                body.MultiHeader(ReplyType(multi.Parts[i]), isDone: false, error: 0).Raw(part.ToArray());
                continue;
            }

            _znodes = before;
            body = new Wire();
            for (int j = 0; j < multi.Parts.Length; j++)
            {
                int code = j < i ? 0 : j == i ? (int)error : -2;
                body.MultiHeader(-1, isDone: false, code).Int(code);
            }

            _changes = [];
            break;
        }

        return (ErrorCode.Ok, body.MultiHeader(-1, isDone: true, error: -1).ToArray(), _changes);
    }

    private static int ReplyType(ZnodeRequest part) => part is ZnodeRequest.Create create
        ? ModelKind.Of(create, isMulti: true, refusesTtl: false).Kind!.HasStat ? (int)OpCode.Create2 : 1
        : (int)part.Operation;

    private static bool IsForbiddenInMulti(ZnodeRequest part) => part switch
    {
        ZnodeRequest.Create create => ModelKind.IsForbiddenInMulti(create),
        ZnodeRequest.Multi or ZnodeRequest.SetAcl or ZnodeRequest.CounterAdd => true,
        _ => false,
    };

    private ErrorCode RunOne(ZnodeRequest request, ModelContext context, bool isMulti, Wire body) => request switch
    {
        ZnodeRequest.Create create => Create(create, context, isMulti, body),
        ZnodeRequest.Delete delete => Delete(delete, context),
        ZnodeRequest.Set set => Set(set, context, body),
        ZnodeRequest.SetAcl setAcl => SetAcl(setAcl, context, body),
        ZnodeRequest.CounterAdd add => Add(add, context, body),
        ZnodeRequest.Check check when isMulti => Check(check.Path, context, znode => IsAs(check.Version, znode)),
        ZnodeRequest.CheckChildren check when isMulti =>
            Check(check.Path, context, _ => StatOf(check.Path!).Cversion == check.Cversion),
        ZnodeRequest.CheckAbsent check when isMulti => !IsValidPath(check.Path) ? ErrorCode.BadArguments
            : _znodes.ContainsKey(check.Path!) ? ErrorCode.NodeExists : ErrorCode.Ok,
        _ => ErrorCode.Unimplemented,
    };

    private ErrorCode Create(ZnodeRequest.Create create, ModelContext context, bool isMulti, Wire body)
    {
        var (error, kind) = ModelKind.Of(create, isMulti, (context.Flags & EntryFlags.RefuseTtl) != 0);
        if (kind == null)
            return error;
        if (create.Path == null || !create.Path.Contains('/') || create.Path.Contains('\0'))
            return ErrorCode.BadArguments;
        if (Normal(create.Acl, context) is not { } acl)
            return ErrorCode.InvalidAcl;

        string parentPath = ParentOf(create.Path);
        if (!_znodes.TryGetValue(parentPath, out var parent))
            return ErrorCode.NoNode;
        if (!context.May(4, parent.Acl))
            return ErrorCode.NoAuth;

        string path = kind.IsSequential
            ? create.Path + parent.ChildrenCreated.ToString("0000000000", CultureInfo.InvariantCulture)
            : create.Path;
        if (!IsValidPath(path))
            return ErrorCode.BadArguments;
        if (_znodes.ContainsKey(path))
            return ErrorCode.NodeExists;
        if (parent.Owner > 0)
            return ErrorCode.NoChildrenForEphemerals;
        if (IsOverQuota(context, path, 1, create.Value?.Length ?? 0))
            return ErrorCode.QuotaExceeded;

        _znodes[path] = new ModelZnode
        {
            Value = create.Value,
            Czxid = context.Zxid,
            Mzxid = context.Zxid,
            Pzxid = context.Zxid,
            Ctime = context.TimeMs,
            Mtime = context.TimeMs,
            Acl = acl,
            Owner = kind.IsEphemeral ? context.Session : kind.IsContainer ? -1 : 0,
            Ttl = kind.Ttl,
        };
        parent.ChildrenCreated++;
        parent.Pzxid = context.Zxid;
        _changes.Add($"NodeCreated {path}");
        _changes.Add($"NodeChildrenChanged {parentPath}");
        body.Text(path);
        if (kind.HasStat)
            body.Stat(StatOf(path));
        return ErrorCode.Ok;
    }

    private ErrorCode Delete(ZnodeRequest.Delete delete, ModelContext context)
    {
        string? path = delete.Path;
        if (path == null || !path.Contains('/') || path.Contains('\0') || Protected.Contains(path))
            return ErrorCode.BadArguments;
        if (!_znodes.TryGetValue(ParentOf(path), out var parent))
            return ErrorCode.NoNode;
        if (!context.May(8, parent.Acl))
            return ErrorCode.NoAuth;
        if (!_znodes.TryGetValue(path, out var znode))
            return ErrorCode.NoNode;
        if (delete.Version != -1 && delete.Version != znode.Version)
            return ErrorCode.BadVersion;
        if (ChildrenOf(path).Any())
            return ErrorCode.NotEmpty;

        Remove(path, context.Zxid);
        return ErrorCode.Ok;
    }

    private ErrorCode Set(ZnodeRequest.Set set, ModelContext context, Wire body)
    {
        if (!IsValidPath(set.Path))
            return ErrorCode.BadArguments;
        if (!_znodes.TryGetValue(set.Path!, out var znode))
            return ErrorCode.NoNode;
        if (!context.May(2, znode.Acl))
            return ErrorCode.NoAuth;
        if (IsOverQuota(context, set.Path!, 0, (set.Value?.Length ?? 0) - (znode.Value?.Length ?? 0)))
            return ErrorCode.QuotaExceeded;
        if (set.Version != -1 && set.Version != znode.Version)
            return ErrorCode.BadVersion;

        Write(set.Path!, set.Value, context);
        body.Stat(StatOf(set.Path!));
        return ErrorCode.Ok;
    }

    private ErrorCode Add(ZnodeRequest.CounterAdd add, ModelContext context, Wire body)
    {
        if (add.Adds.Sum(one => one.Times) > 10_000)
            return ErrorCode.MarshallingError;
        if (!IsValidPath(add.Path))
            return ErrorCode.BadArguments;
        if (!_znodes.TryGetValue(add.Path!, out var znode))
            return ErrorCode.NoNode;
        if (!context.May(2, znode.Acl) || !context.May(1, znode.Acl))
            return ErrorCode.NoAuth;
        if (!ModelCounter.TryRead(znode.Value, add.Initial, out var counter))
            return ErrorCode.InvalidState;

        if (add.FirstSession != 0)
        {
            if (context.Sessions.Contains(add.FirstSession))
                return ErrorCode.BadVersion;
            if (counter.ValueBefore(add.Tag) is { } first)
            {
                var found = new ModelCounter(first, "");
                found.TryAdd(add.Adds);
                body.Long(first).Long(found.Value).Stat(StatOf(add.Path!));
                return ErrorCode.Ok;
            }

            if (!counter.Remembers(add.SeenZxid, znode.Mzxid))
                return ErrorCode.BadArguments;
        }

        long before = counter.Value;
        if (counter.TryAdd(add.Adds))
        {
            string next = counter.Text(add.Tag, before, znode.Mzxid);
            if (IsOverQuota(context, add.Path!, 0, next.Length - (znode.Value?.Length ?? 0)))
                return ErrorCode.QuotaExceeded;
            Write(add.Path!, next, context);
        }

        body.Long(before).Long(counter.Value).Stat(StatOf(add.Path!));
        return ErrorCode.Ok;
    }

    private void Write(string path, string? value, ModelContext context)
    {
        var znode = _znodes[path];
        znode.Value = value;
        znode.Version = znode.Version == -2 ? 0 : znode.Version + 1;
        znode.Mzxid = context.Zxid;
        znode.Mtime = context.TimeMs;
        _changes.Add($"NodeDataChanged {path}");
    }

    private ErrorCode SetAcl(ZnodeRequest.SetAcl setAcl, ModelContext context, Wire body)
    {
        if (!IsValidPath(setAcl.Path))
            return ErrorCode.BadArguments;
        if (Normal(setAcl.Acl, context) is not { } acl)
            return ErrorCode.InvalidAcl;
        if (!_znodes.TryGetValue(setAcl.Path!, out var znode))
            return ErrorCode.NoNode;
        if (!context.May(16, znode.Acl))
            return ErrorCode.NoAuth;
        if (setAcl.Version != -1 && setAcl.Version != znode.Aversion)
            return ErrorCode.BadVersion;

        znode.Aversion++;
        znode.Acl = acl;
        body.Stat(StatOf(setAcl.Path!));
        return ErrorCode.Ok;
    }

    private static bool IsAs(int version, ModelZnode znode) => version == -1 || version == znode.Version;

    private ErrorCode Check(string? path, ModelContext context, Func<ModelZnode, bool> isAsWanted)
    {
        if (!IsValidPath(path))
            return ErrorCode.BadArguments;
        if (!_znodes.TryGetValue(path!, out var znode))
            return ErrorCode.NoNode;
        if (!context.May(1, znode.Acl))
            return ErrorCode.NoAuth;
        return isAsWanted(znode) ? ErrorCode.Ok : ErrorCode.BadVersion;
    }

    // Null: the list is no good. Each entry once; "auth" means those identities that were proven.
    private static (int, string?, string?)[]? Normal((int, string?, string?)[]? acl, ModelContext context)
    {
        if (acl == null || acl.Length == 0)
            return null;
        var proven = context.Identities.Where(identity => identity.Scheme == "digest").ToList();
        if (proven.Count == 0 && acl.Any(entry => entry.Item2 == "auth"))
            return null;
        return [.. acl.SelectMany<(int, string?, string?), (int, string?, string?)>(entry => entry.Item2 == "auth"
            ? proven.Select(identity => (entry.Item1, (string?)identity.Scheme, (string?)identity.Id))
            : [entry]).Distinct()];
    }

    private bool IsOverQuota(ModelContext context, string path, int moreZnodes, int moreBytes) =>
        (context.Flags & EntryFlags.EnforceQuota) != 0
        && ModelQuotas.Check(_znodes, path, moreZnodes, moreBytes) != ErrorCode.Ok;

    private void Remove(string path, long zxid)
    {
        _znodes.Remove(path);
        string parent = ParentOf(path);
        _znodes[parent].Pzxid = zxid;
        _changes.Add($"NodeDeleted {path}");
        _changes.Add($"NodeChildrenChanged {parent}");
    }

    private static string ParentOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash == 0 ? "/" : path[..slash];
    }

    // Enough for the paths that the tests use; the grammar itself is Coord.Protocol's and tested there.
    private static bool IsValidPath(string? path) => path == "/"
        || (path is { Length: > 1 } && path[0] == '/' && path[^1] != '/' && !path.Contains('\0')
            && path[1..].Split('/').All(part => part is not ("" or "." or "..")));
}
