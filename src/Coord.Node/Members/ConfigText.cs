using System.Globalization;
using System.Text;
using Coord.Node.Hosting;
using Coord.Raft;

namespace Coord.Node.Members;

/// <summary>
/// The text of <c>/zookeeper/config</c> (zookeeper-protocol 11): a line per member and the version in hexadecimal,
/// without a newline at the end. Made from a membership alone, so it is the same on every node.
/// </summary>
internal static class ConfigText
{
    /// <summary>The text of a membership with its directory.</summary>
    /// <param name="membership">Who votes and who learns; not joint.</param>
    /// <param name="directory">Where they are.</param>
    /// <param name="version">Index of the entry that set it.</param>
    public static byte[] Of(Membership membership, MemberDirectory directory, long version)
    {
        var text = new StringBuilder();
        foreach (var member in directory.Members.Where(member => membership.Contains(member.Id)))
            text.Append(LineOf(member, membership.IsVoter(member.Id))).Append('\n');

        text.Append(CultureInfo.InvariantCulture, $"version={version:x}");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>One member, as ZooKeeper's configuration files spell a server.</summary>
    public static string LineOf(Member member, bool isVoter)
    {
        var role = isVoter ? "participant" : "observer";
        return $"server.{member.Id.Value}={HostOf(member.Peer)}:{member.Peer.Port}:{member.ElectionPort}:{role};"
            + member.Client;
    }

    private static string HostOf(NodeAddress address) =>
        address.Host.Contains(':') ? $"[{address.Host}]" : address.Host;
}
