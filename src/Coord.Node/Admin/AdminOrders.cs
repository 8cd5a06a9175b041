using System.Globalization;
using Coord.Raft;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin;

/// <summary>
/// The calls that change something: who takes part, and who leads. They need the super user's credentials, and reach
/// the leader by redirection (design.md section 7).
/// </summary>
/// <param name="administration">The running replica; null before it runs.</param>
/// <param name="superUser">Who may call; nobody when null.</param>
/// <param name="status">What the node last published.</param>
internal sealed class AdminOrders(
    Func<IReplicaAdministration?> administration, SuperUser? superUser, Func<NodeStatus> status)
{
    public const string Add = "/commands/members/add";
    public const string Remove = "/commands/members/remove";
    public const string Replace = "/commands/members/replace";
    public const string Transfer = "/commands/transfer";

    private const int NodeIdMax = 255;

    /// <summary>Whether the path is one of these calls.</summary>
    public static bool Has(string path) => path is Add or Remove or Replace or Transfer;

    /// <summary>Does what is asked for, or says why not.</summary>
    public async Task<AdminReply> AnswerAsync(HttpRequest request, CancellationToken aborted)
    {
        var path = request.Path.Value!;
        var command = path["/commands/".Length..];
        if (AdminAccess.Refusal(request, command, superUser) is { } refusal)
            return refusal;
        if (!TryRead(request.Query, path, out var order, out var mistake))
            return AdminReply.Outcome(StatusCodes.Status400BadRequest, command, "refused", mistake);
        if (administration() is not { } replica)
        {
            return AdminReply.Outcome(
                StatusCodes.Status503ServiceUnavailable, command, "refused",
                $"this node takes no part yet: {status().NotReadyBecause}");
        }

        var answer = await (path switch
        {
            Add => replica.AddAsync(order.Node, aborted),
            Remove => replica.RemoveAsync(order.Node, order.Force, aborted),
            Replace => replica.ReplaceAsync(order.Node, order.Force, aborted),
            _ => replica.TransferAsync(order.Node.Value > 0 ? order.Node : null, aborted),
        });
        return Reply(request, command, answer);
    }

    private static bool TryRead(IQueryCollection query, string path, out Order order, out string mistake)
    {
        order = default;
        var nodeKey = path == Transfer ? "to" : "id";
        var mayForce = path is Remove or Replace;
        foreach (var key in query.Keys)
        {
            mistake = $"{key}: not known here; {path} takes {nodeKey}{(mayForce ? " and force" : "")}";
            if (key != nodeKey && !(mayForce && key == "force"))
                return false;
        }

        var text = query[nodeKey].ToString();
        mistake = $"{nodeKey}: name a node by its number, 1 to {NodeIdMax}, as in {path}?{nodeKey}=4";
        var node = 0;
        if (!(path == Transfer && text.Length == 0)
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out node)
                || node is < 1 or > NodeIdMax))
            return false;
        var force = query["force"].ToString();
        mistake = "force: must be true or false";
        order = new Order(new NodeId(node), force == "true");
        return force is "" or "true" or "false";
    }

    private AdminReply Reply(HttpRequest request, string command, AdminAnswer answer) => answer.Outcome switch
    {
        AdminOutcome.Done => AdminReply.Outcome(StatusCodes.Status200OK, command, "done", answer.Text),
        AdminOutcome.Refused => AdminReply.Outcome(StatusCodes.Status409Conflict, command, "refused", answer.Text),
        AdminOutcome.NotLeader when answer.LeaderAdmin is { } leader =>
            AdminReply.Outcome(StatusCodes.Status307TemporaryRedirect, command, "not leader", answer.Text) with
            {
                Location = $"http://{Reachable(leader)}{request.Path}{request.QueryString}",
            },
        AdminOutcome.NotLeader =>
            AdminReply.Outcome(StatusCodes.Status503ServiceUnavailable, command, "not leader", answer.Text),
        _ => AdminReply.Outcome(StatusCodes.Status503ServiceUnavailable, command, "unknown", answer.Text) with
        {
            IsDone = null,
        },
    };

    /// <summary>
    /// An admin port that listens on every address is found where the other nodes find its peer port.
    /// </summary>
    private string Reachable(string admin)
    {
        var picture = status();
        var leader = picture.Membership.Members.FirstOrDefault(member => member.Id == picture.Leader);
        return leader is not null && leader.Admin.IsAny && leader.Admin.ToString() == admin
            ? (leader.Peer with { Port = leader.Admin.Port }).ToString()
            : admin;
    }

    private readonly record struct Order(NodeId Node, bool Force);
}
