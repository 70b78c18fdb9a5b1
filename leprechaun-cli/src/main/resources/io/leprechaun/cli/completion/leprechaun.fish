# Completion of leprechaun for fish: copy it to ~/.config/fish/completions.
# The program prints the candidates, each with a tab and a description, and ":files" for file names.

function __leprechaun_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    for line in ($program __complete $words[2..-1] "$current" 2> /dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end

complete -c leprechaun -f -a '(__leprechaun_complete)'
