using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// A client of etcd's version 3, by the JSON gateway that every node has on its client port. Numbers are strings
/// there, and fields that are zero are left out.
/// </summary>
internal sealed class EtcdClient(ClientView view, int firstNode, TimeSpan replyTimeout) : IDisposable
{
    private HttpLink? link;

    /// <summary>The node attached to, or tried last, counted from 1.</summary>
    public int Node { get; private set; } = firstNode;

    public bool IsConnected => link is not null;

    public async Task<bool> TryConnectAsync()
    {
        using var timer = new CancellationTokenSource(replyTimeout);
        try
        {
            link = await HttpLink.OpenAsync(view.NewSocket(), view.Nodes[Node - 1], timer.Token);
            return true;
        }
        catch (ConnectionLostException)
        {
            MoveOn();
            return false;
        }
    }

    public void MoveOn()
    {
        link?.Dispose();
        link = null;
        Node = (Node % view.Nodes.Count) + 1;
    }

    /// <param name="key">May be missing: then there is no value.</param>
    /// <param name="isSerializable">By the node's own state; otherwise linearizable, as etcd reads by default.</param>
    public async Task<EtcdReply> RangeAsync(string key, bool isSerializable)
    {
        var request = new JsonObject { ["key"] = Base64(key), ["serializable"] = isSerializable };
        var answer = await PostAsync("/v3/kv/range", request);
        var pair = answer["kvs"]?[0];
        return new EtcdReply(Revision(answer), true, Number(pair?["mod_revision"]), Number(pair?["version"]),
            pair is null ? null : Text(pair["value"]));
    }

    /// <summary>Sets the key; the version is the one that the write made.</summary>
    public async Task<EtcdReply> PutAsync(string key, string value) =>
        Written(await PostAsync("/v3/kv/put", Put(key, value)));

    /// <summary>The keys that begin in this way, without their values, at one revision.</summary>
    /// <param name="prefix">Ends with a character that has a next one.</param>
    /// <param name="isSerializable">By the node's own state.</param>
    public async Task<(long Revision, IReadOnlyList<EtcdKey> Keys)> RangeBelowAsync(string prefix, bool isSerializable)
    {
        var end = prefix[..^1] + (char)(prefix[^1] + 1);
        var answer = await PostAsync("/v3/kv/range", new JsonObject
        {
            ["key"] = Base64(prefix), ["range_end"] = Base64(end), ["keys_only"] = true,
            ["serializable"] = isSerializable,
        });
        return (Revision(answer), [.. from pair in answer["kvs"]?.AsArray() ?? []
                                     select new EtcdKey(Text(pair["key"]), Number(pair["mod_revision"]),
                                         Number(pair["version"]))]);
    }

    /// <summary>Sets the key if it has this version; 0 stands for a key that is not there.</summary>
    public async Task<EtcdReply> PutIfAsync(string key, long version, string value)
    {
        var reply = await PutIfAsync([(key, version)], new Dictionary<string, string> { [key] = value });
        return reply with { Version = reply.IsDone ? version + 1 : 0 };
    }

    /// <summary>Sets keys if some have the versions named; else it says of which that was not so first.</summary>
    public async Task<EtcdReply> PutIfAsync(
        IReadOnlyList<(string Key, long Version)> expected, IReadOnlyDictionary<string, string> values)
    {
        var answer = await TransactAsync(
            expected.Select(one => Compare(one.Key, "version", one.Version)),
            values.Select(one => new JsonObject { ["request_put"] = Put(one.Key, one.Value) }),
            expected.Select(one => OfKey("request_range", one.Key)));
        var reply = Transacted(answer);
        if (reply.IsDone)
            return reply;

        var found = answer["responses"]!.AsArray()
            .Select(response => Number(response!["response_range"]?["kvs"]?[0]?["version"]));
        return reply with { Refused = found.Zip(expected).TakeWhile(one => one.First == one.Second.Version).Count() };
    }

    /// <summary>Makes a key that is not there; it goes with the lease.</summary>
    public async Task<EtcdReply> CreateAsync(string key, string value, long lease)
    {
        var put = Put(key, value);
        put["lease"] = Text(lease);
        return Transacted(await TransactAsync(
            [Compare(key, "version", 0)], [new JsonObject { ["request_put"] = put }], []));
    }

    /// <summary>Deletes a key if it is the one that was made at this revision.</summary>
    public async Task<EtcdReply> DeleteIfAsync(string key, long made) => Transacted(await TransactAsync(
        [Compare(key, "create_revision", made)],
        [OfKey("request_delete_range", key)], []));

    /// <summary>A new lease, and for how many seconds it lives.</summary>
    public async Task<(long Lease, long Seconds)> GrantAsync(long seconds)
    {
        var answer = await PostAsync("/v3/lease/grant", new JsonObject { ["TTL"] = Text(seconds) });
        return (Number(answer["ID"]), Number(answer["TTL"]));
    }

    /// <summary>Ends a lease with all of its keys; gives the revision behind it.</summary>
    public async Task<long> RevokeAsync(long lease) =>
        Revision(await PostAsync("/v3/lease/revoke", new JsonObject { ["ID"] = Text(lease) }));

    public void Dispose() => link?.Dispose();

    /// <summary>What a node says of itself: 0 where it knows no leader.</summary>
    public static (long Member, long Leader) ParseStatus(ReadOnlySpan<byte> body)
    {
        var answer = JsonNode.Parse(body)!;
        return (Id(answer["header"]?["member_id"]), Id(answer["leader"]));
    }

    /// <summary>Anything but success leaves open whether the request was done: errors name time-outs and elections.
    /// </summary>
    private async Task<JsonNode> PostAsync(string path, JsonObject request)
    {
        using var timer = new CancellationTokenSource(replyTimeout);
        var connection = link ?? throw new ConnectionLostException("not connected");
        var json = Encoding.UTF8.GetBytes(request.ToJsonString());
        var (status, body) = await connection.PostAsync(path, json, timer.Token);
        if (status != HttpLink.Ok)
            throw new ConnectionLostException($"{path}: status {status}");
        try
        {
            return JsonNode.Parse(body) ?? throw new ProtocolViolationException("an answer of null");
        }
        catch (JsonException error)
        {
            throw new ProtocolViolationException(error.Message);
        }
    }

    private Task<JsonNode> TransactAsync(
        IEnumerable<JsonObject> compares, IEnumerable<JsonObject> then, IEnumerable<JsonObject> otherwise) =>
        PostAsync("/v3/kv/txn", new JsonObject
        {
            ["compare"] = new JsonArray([.. compares]), ["success"] = new JsonArray([.. then]),
            ["failure"] = new JsonArray([.. otherwise]),
        });

    /// <summary>That a number of a key is this one; those of a key that is not there are 0.</summary>
    private static JsonObject Compare(string key, string number, long value) => new()
    {
        ["key"] = Base64(key), ["result"] = "EQUAL", [number] = Text(value),
        ["target"] = number == "version" ? "VERSION" : "CREATE",
    };

    private static JsonObject OfKey(string request, string key) =>
        new() { [request] = new JsonObject { ["key"] = Base64(key) } };

    private static EtcdReply Transacted(JsonNode answer)
    {
        var isDone = answer["succeeded"]?.GetValue<bool>() ?? false;
        return new EtcdReply(Revision(answer), isDone, isDone ? Revision(answer) : 0, 0, null);
    }

    private static JsonObject Put(string key, string value) =>
        new() { ["key"] = Base64(key), ["value"] = Base64(value), ["prev_kv"] = true };

    private static EtcdReply Written(JsonNode answer) => new(
        Revision(answer), true, Revision(answer), Number(answer["prev_kv"]?["version"]) + 1, null);

    private static long Revision(JsonNode answer) => Number(answer["header"]?["revision"]);

    private static long Number(JsonNode? node) =>
        node is null ? 0 : long.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);

    // Member ids use all 64 bits.
    private static long Id(JsonNode? node) =>
        node is null ? 0 : unchecked((long)ulong.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonNode? node) =>
        node is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(node.GetValue<string>()));
}
