using System.Globalization;
using System.Text;
using Coord.Node.Clients;
using Coord.Protocol;

namespace Coord.Node.Audit;

/// <summary>
/// A line as ZooKeeper's audit log writes it: names and values, parted by tabs. What clients chose is cut short and
/// kept on its line; hashes of passwords are left out.
/// </summary>
internal static class AuditText
{
    // In ZooKeeper's order.
    private static readonly (int Bit, char Letter)[] Permissions = [(4, 'c'), (8, 'd'), (1, 'r'), (2, 'w'), (16, 'a')];

    public static string Of(in AuditEvent audited)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"session=0x{audited.SessionId:x}");
        line.Append("\tuser=").Append(Users(audited.Identities));
        line.Append("\tip=").Append(AddressOf(audited.Identities));
        line.Append("\toperation=").Append(audited.Operation);
        if (audited.Path is { } path)
            line.Append("\tznode=").Append(LogText.Of(path));
        if (audited.Acl is { } acl)
            line.Append("\tacl=").Append(LogText.Of(AclText(acl)));
        if (audited.Node != 0)
            line.Append(CultureInfo.InvariantCulture, $"\tnode={audited.Node}");
        return line.Append("\tresult=").Append(ResultOf(audited)).ToString();
    }

    // ZooKeeper's words.
    private static string ResultOf(in AuditEvent audited) => audited.IsSuccess switch
    {
        true => "success",
        false => "failure",
        null => "invoked",
    };

    private static string AddressOf(byte[] identities)
    {
        foreach (var identity in SessionIdentities.Users(identities))
        {
            if (identity.Scheme.SequenceEqual("ip"u8))
                return Encoding.UTF8.GetString(identity.User);
        }

        return "unknown";
    }

    private static string Users(byte[] identities)
    {
        var users = new StringBuilder();
        foreach (var identity in SessionIdentities.Users(identities))
            users.Append(users.Length == 0 ? "" : ",").Append(Encoding.UTF8.GetString(identity.User));
        return LogText.Of(users.ToString());
    }

    private static string AclText(byte[] encoded)
    {
        var text = new StringBuilder();
        var reader = new JuteReader(encoded);
        reader.TryReadVectorCount(out var count);
        for (var i = 0; i < count && Acl.TryRead(ref reader, out var acl) && text.Length < LogText.CharactersMax; i++)
        {
            text.Append(LogText.Of(acl.Scheme)).Append(':').Append(LogText.Of(Shown(acl))).Append(':');
            foreach (var (bit, letter) in Permissions)
            {
                if ((acl.Permissions & bit) != 0)
                    text.Append(letter);
            }
        }

        return text.ToString();
    }

    // Whole only where an id is no secret. A digest's hash is good for guessing its password; an id of scheme auth is
    // not looked at, and people write a password there, since tutorials do.
    private static ReadOnlySpan<byte> Shown(in Acl acl)
    {
        if (acl.Scheme.SequenceEqual("world"u8) || acl.Scheme.SequenceEqual("ip"u8)
            || acl.Scheme.SequenceEqual("x509"u8) || acl.Scheme.SequenceEqual("sasl"u8))
            return acl.Id;
        var colon = acl.Id.IndexOf((byte)':');
        return acl.Scheme.SequenceEqual("digest"u8) && colon >= 0 ? acl.Id[..colon] : default;
    }
}
