using System.Text;
using System.Text.RegularExpressions;
using Coord.Node.Admin;
using Coord.Node.Admin.Words;
using Coord.Node.Peers;
using Coord.Node.Tls;
using Coord.Raft;

namespace Coord.Node.Hosting;

/// <summary>
/// Turns setting values into <see cref="NodeSettings"/>, or says what is wrong with the first wrong one.
/// </summary>
internal static partial class SettingsReader
{
    private const int NodeIdMax = 255;
    private const int NameBytesMax = 255;
    private static readonly string[] NodeKeys = ["id", "client", "peer", "admin", "secureClient"];
    private static readonly string[] OtherKeys =
    [
        SuperUser.SettingKey, WordList.SettingKey, .. ClientAccessSettings.Keys, .. PeerTlsSettings.Keys,
        .. ClientTlsSettings.Keys,
    ];
    private static readonly string[] TopKeys =
        ["cluster", "nodes", "node", "data", "zookeeper", "limits", PeerTlsSettings.Section, ClientTlsSettings.Section];

    /// <exception cref="SettingsException">A key, a value, or what belongs together is wrong.</exception>
    public static NodeSettings Read(SettingValues values)
    {
        foreach (var key in values.Keys)
            RequireKnown(values, key);

        var cluster = new ClusterConfig(ReadName(values), ReadNodes(values));
        var id = ReadOwnId(values, cluster);
        var data = values["data"];
        if (string.IsNullOrWhiteSpace(data))
            throw new SettingsException("data: give the node's data directory with --data DIR");
        var ports = Ports(values, id);
        var peerTls = PeerTlsSettings.Read(values, id);
        var clientTls = ClientTlsSettings.Read(values, cluster.Node(id), ports);
        var access = ClientAccessSettings.Read(values, clientTls is { AsksForCertificates: true });
        return new NodeSettings(id, cluster, Path.GetFullPath(data), ReadLimits(values))
        {
            Ports = ports,
            SuperUser = ReadSuperUser(values),
            Words = ReadWords(values),
            Given = values.Keys.Where(key => !IsSecret(key))
                .ToDictionary(SettingSource.SpellJson, key => values[key] ?? ""),
            Access = access,
            PeerTls = peerTls is null ? null : new PeerTls(() => peerTls.Current),
            ClientTls = clientTls,
            TlsFiles = [.. new[] { peerTls, clientTls?.Files }.OfType<TlsFiles>()],
        };
    }

    [GeneratedRegex("^nodes:[0-9]{1,4}:(id|client|peer|admin|secureClient)$", RegexOptions.IgnoreCase)]
    private static partial Regex NodeKey { get; }

    private static void RequireKnown(SettingValues values, string key)
    {
        if (NodeKey.IsMatch(key)
            || IsAnyOf(key, ["cluster", "node", "data", .. OtherKeys]))
            return;
        if (LimitSetting.All.Any(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase)))
            return;
        var section = key.Split(':')[0];
        var known = section switch
        {
            _ when IsAnyOf(key, TopKeys) => throw new SettingsException(
                $"{values.Describe(key)}: must be a {(IsAnyOf(key, ["nodes"]) ? "list of nodes" : "section")}"),
            _ when IsAnyOf(section, ["nodes"]) && key.Contains(':', StringComparison.Ordinal) => NodeKeys,
            _ when IsAnyOf(section, ["zookeeper", "limits", PeerTlsSettings.Section, ClientTlsSettings.Section]) =>
                KeysOf(section),
            _ => TopKeys,
        };
        throw new SettingsException(
            $"{values.Place(key)}: unknown key; known here: {string.Join(", ", known)}");
    }

    private static string[] KeysOf(string section) => [.. LimitSetting.All.Select(setting => setting.Key)
        .Concat(OtherKeys)
        .Where(key => key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase))
        .Select(key => key[(section.Length + 1)..])];

    private static bool IsAnyOf(string key, string[] names) => names.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static string ReadName(SettingValues values)
    {
        var name = values["cluster"];
        if (string.IsNullOrWhiteSpace(name) || Encoding.UTF8.GetByteCount(name) > NameBytesMax)
            throw values.Wrong("cluster", $"must be the cluster's name, 1 to {NameBytesMax} bytes");
        return name;
    }

    private static ClusterNode[] ReadNodes(SettingValues values)
    {
        var positions = values.Keys.Where(key => NodeKey.IsMatch(key))
            .Select(key => key.Split(':')[1]).Distinct().ToArray();
        if (positions.Length == 0)
            throw values.Wrong("nodes", "list the cluster's nodes, each with id, client, peer and admin");
        if (positions.Length > NodeLimits.Default.ClusterNodesMax)
            throw new SettingsException(
                $"{values.Place($"nodes:{positions[^1]}:id")}: a cluster has at most "
                + $"{NodeLimits.Default.ClusterNodesMax} nodes, {positions.Length} are listed");

        var ids = new Dictionary<int, string>();
        var addresses = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        return [.. positions.Select(position => ReadNode(values, $"nodes:{position}", ids, addresses))
            .OrderBy(node => node.Id)];
    }

    private static ClusterNode ReadNode(
        SettingValues values, string at, Dictionary<int, string> ids, Dictionary<string, string> addresses)
    {
        var key = $"{at}:id";
        var id = (int?)values.Number(key, 1, NodeIdMax, "a node's number")
            ?? throw values.Wrong(key, $"every node needs a number from 1 to {NodeIdMax}");
        if (!ids.TryAdd(id, key))
            throw values.Wrong(key, $"the id is used twice, also by {SettingSource.SpellJson(ids[id])}; "
                + "give every node an id of its own");
        return new ClusterNode(
            new NodeId(id),
            ReadAddress(values, $"{at}:client", addresses),
            ReadAddress(values, $"{at}:peer", addresses),
            ReadAddress(values, $"{at}:admin", addresses))
        {
            SecureClient = values[$"{at}:secureClient"] is null
                ? null
                : ReadAddress(values, $"{at}:secureClient", addresses),
        };
    }

    private static NodeAddress ReadAddress(SettingValues values, string key, Dictionary<string, string> addresses)
    {
        if (!NodeAddress.TryParse(values[key], out var address))
            throw values.Wrong(key, "must be host:port, such as 127.0.0.1:2181, [::1]:2181 or node1.example:2181");
        if (address.IsAny && key.EndsWith(":peer", StringComparison.OrdinalIgnoreCase))
            throw values.Wrong(key, "the other nodes dial this address; name one that they can reach");
        if (!address.IsAny && !addresses.TryAdd(address.ToString(), key))
            throw values.Wrong(key, "the address is used twice, also by "
                + $"{SettingSource.SpellJson(addresses[address.ToString()])}; give every port an address of its own");
        return address;
    }

    private static NodeId ReadOwnId(SettingValues values, ClusterConfig cluster)
    {
        var listed = string.Join(", ", cluster.Nodes.Select(node => node.Id.Value));
        var id = values.Number("node", 1, NodeIdMax, "this node's id")
            ?? throw new SettingsException($"node: say with --node which node this is; listed are {listed}");
        return cluster.Nodes.Any(node => node.Id.Value == id)
            ? new NodeId((int)id)
            : throw values.Wrong("node", $"no such node in the cluster's file; listed are {listed}");
    }

    private static SuperUser? ReadSuperUser(SettingValues values)
    {
        if (values[SuperUser.SettingKey] is not { } digest)
            return null;
        return SuperUser.IsDigest(digest)
            ? new SuperUser(digest)
            : throw new SettingsException( // Not the value itself: it may be a password by mistake.
                $"{values.Place(SuperUser.SettingKey)}: must be user:base64(sha1(user:password)), as in "
                + SuperUser.DigestOf("super:secret"));
    }

    // Digests of passwords, and whatever else a name warns of.
    private static bool IsSecret(string key) => Array.Exists(
        ["digest", "password", "passwd", "secret", "ensembleAuthName"],
        word => key.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static WordList ReadWords(SettingValues values)
    {
        if (values[WordList.SettingKey] is not { } text)
            return WordList.Standard;
        return WordList.TryParse(text, out var words, out var unknown)
            ? words
            : throw values.Wrong(
                WordList.SettingKey,
                $"{unknown} is no word; known are {string.Join(", ", FourLetterWords.All)}, and * for all of them");
    }

    private static NodeLimits ReadLimits(SettingValues values)
    {
        var limits = NodeLimits.Default;
        foreach (var setting in LimitSetting.All)
        {
            if (setting.Read(values) is { } value)
                limits = setting.Apply(limits, value);
        }

        if (limits.SessionTimeoutMin > limits.SessionTimeoutMax)
            throw new SettingsException(
                $"{Either(values, "zookeeper:minSessionTimeout", "zookeeper:maxSessionTimeout")}: the shortest session "
                + $"timeout ({limits.SessionTimeoutMin.TotalMilliseconds} ms) must not exceed the longest "
                + $"({limits.SessionTimeoutMax.TotalMilliseconds} ms)");
        if (limits.ElectionTicks < 5 * limits.HeartbeatTicks)
            throw new SettingsException(
                $"{Either(values, "limits:electionTicks", "limits:heartbeatTicks")}: an election minimum of "
                + $"{limits.ElectionTicks} ticks needs heartbeats of at most {limits.ElectionTicks / 5} ticks, not "
                + $"{limits.HeartbeatTicks}");
        return limits;
    }

    private static string Either(SettingValues values, string first, string second) =>
        values.Describe(values[first] is null ? second : first);

    private static NodePorts Ports(SettingValues values, NodeId id)
    {
        var at = values.Keys.First(key =>
            key.EndsWith(":id", StringComparison.OrdinalIgnoreCase)
            && values.Number(key, 1, NodeIdMax, "a node's number") == id.Value)[..^":id".Length];
        return new NodePorts(
            values.Describe($"{at}:client"), values.Describe($"{at}:peer"), values.Describe($"{at}:admin"))
        {
            SecureClient = values.Describe($"{at}:secureClient"),
        };
    }
}
