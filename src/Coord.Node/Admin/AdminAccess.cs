using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin;

/// <summary>Who may change something through the admin port: the super user alone (design.md section 7).</summary>
internal static class AdminAccess
{
    /// <summary>Why the call is refused; null when it may go on.</summary>
    public static AdminReply? Refusal(HttpRequest request, string command, SuperUser? superUser)
    {
        if (superUser is null)
        {
            return AdminReply.Outcome(
                StatusCodes.Status403Forbidden, command, "refused",
                $"changes need a super user, and none is set: set {SuperUser.SettingKey} to "
                + "user:base64(sha1(user:password)) on every node");
        }

        return superUser.Allows(request.Headers.Authorization)
            ? null
            : AdminReply.Outcome(
                StatusCodes.Status401Unauthorized, command, "refused",
                "send the super user's name and password: Authorization: digest user:password") with
            {
                Authenticate = "digest",
            };
    }
}
