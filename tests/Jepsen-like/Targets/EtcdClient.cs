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

    /// <summary>Sets the key if it has this version; 0 stands for a key that is not there.</summary>
    public async Task<EtcdReply> PutIfAsync(string key, long version, string value)
    {
        var condition = new JsonObject
        {
            ["key"] = Base64(key), ["target"] = "VERSION", ["result"] = "EQUAL",
            ["version"] = version.ToString(CultureInfo.InvariantCulture),
        };
        var answer = await PostAsync("/v3/kv/txn", new JsonObject
        {
            ["compare"] = new JsonArray(condition),
            ["success"] = new JsonArray(new JsonObject { ["request_put"] = Put(key, value) }),
        });
        var isDone = answer["succeeded"]?.GetValue<bool>() ?? false;
        return isDone ? Written(answer, answer["responses"]![0]!["response_put"]!)
            : new EtcdReply(Revision(answer), false, 0, 0, null);
    }

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

    private static JsonObject Put(string key, string value) =>
        new() { ["key"] = Base64(key), ["value"] = Base64(value), ["prev_kv"] = true };

    private static EtcdReply Written(JsonNode answer) => Written(answer, answer);

    private static EtcdReply Written(JsonNode answer, JsonNode put) => new(
        Revision(answer), true, Revision(answer), Number(put["prev_kv"]?["version"]) + 1, null);

    private static long Revision(JsonNode answer) => Number(answer["header"]?["revision"]);

    private static long Number(JsonNode? node) =>
        node is null ? 0 : long.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture);

    // Member ids use all 64 bits.
    private static long Id(JsonNode? node) =>
        node is null ? 0 : unchecked((long)ulong.Parse(node.GetValue<string>(), CultureInfo.InvariantCulture));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonNode? node) =>
        node is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(node.GetValue<string>()));
}
