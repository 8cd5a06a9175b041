using System.Text;
using Coord.Client;
using Coord.Protocol;

namespace Coord.Cli.Import;

/// <summary>One of the two clusters of an import: its client, and how its errors are told.</summary>
internal sealed class Endpoint : IAsyncDisposable
{
    // A directory with a million children, and a znode of the largest jute.maxbuffer that makes sense.
    private const int ReplyBytesMax = 256 * 1024 * 1024;
    private const int BodyBytesMax = 16 * 1024 * 1024;

    private readonly string role;
    private readonly string authOption;

    private Endpoint(string role, string authOption, CoordClient client)
    {
        this.role = role;
        this.authOption = authOption;
        Client = client;
    }

    public CoordClient Client { get; }

    /// <exception cref="CommandException">No server, a wrong address, or credentials that are refused.</exception>
    public static async Task<Endpoint> ConnectAsync(
        string role, string hosts, string authOption, string? authFile, ImportOptions options, CancellationToken ct)
    {
        var settings = new CoordClientOptions
        {
            RequestTimeout = options.Timeout,
            MaxInFlight = 4 * options.Parallel,
            MaxReplyBytes = ReplyBytesMax,
            MaxBodyBytes = BodyBytesMax,
            AllowSystemPaths = true,
            ClientName = "coordctl import",
        };
        if (authFile is not null)
            settings.Auth.Add(ReadAuth(authOption, authFile));
        var endpoint = new Endpoint(role, authOption, Open(role, hosts, settings));
        try
        {
            await endpoint.AskAsync("/", async () =>
            {
                await endpoint.Client.ConnectAsync(ct).ConfigureAwait(false);
                await endpoint.Client.SyncAsync("/", ct).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
            return endpoint;
        }
        catch
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks, and says of an error at which cluster and at what path it came up.</summary>
    public async Task<T> AskAsync<T>(string path, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (NoAuthException)
        {
            throw new CommandException(
                ExitCodes.NotAllowed, $"{role} does not allow it at {path}: name somebody who may in {authOption}");
        }
        catch (AuthFailedException failed)
        {
            throw new CommandException(
                ExitCodes.NotAllowed, $"{role} refuses the credentials of {authOption}: {failed.Message}");
        }
        catch (Exception failed) when (failed is ConnectionFailedException or ConnectionLossException
            or SessionLostException or OperationTimeoutException)
        {
            throw new CommandException(ExitCodes.Unavailable, $"{role} does not answer at {path}: {failed.Message}");
        }
        catch (CoordException failed) when (failed.Code is not (ErrorCode.NoNode or ErrorCode.NodeExists))
        {
            throw new CommandException(ExitCodes.Failed, $"{role} at {path}: {failed.Message}");
        }
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static CoordClient Open(string role, string hosts, CoordClientOptions settings)
    {
        try
        {
            return new CoordClient(hosts, settings);
        }
        catch (ArgumentException wrong)
        {
            throw new CommandException(ExitCodes.WrongUse, $"the addresses of {role}: {wrong.Message}");
        }
    }

    private static AuthCredential ReadAuth(string option, string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCodes.WrongUse, $"{option} {file}: {unreadable.Message}");
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            throw new CommandException(ExitCodes.WrongUse, $"{option} {file}: must be scheme:secret");
        return new AuthCredential(text[..colon], Encoding.UTF8.GetBytes(text[(colon + 1)..]));
    }
}
