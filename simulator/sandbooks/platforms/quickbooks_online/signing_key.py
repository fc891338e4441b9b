"""The key that signs id tokens of the simulated sign-in service.

It is public and worthless on purpose: one fixed key makes every run of a seed give the same bytes.
"""

SIGNING_KEY = {
    "kid": "sandbooks-1",
    "use": "sig",
    "alg": "RS256",
    "kty": "RSA",
    "n": (
        "4ZI7yPk9qsJtsKpuNLIXFTnGgeNUjd1bSpq3RPA_JOafIp_7VMl59wDMD96JUIkUjQM3EenHXy0l8OKWTaWX_MxjmY"
        "fGxemuJdSIRQzBU2nVpdez_ZxUDoi82rGmnjbjphZ36xzhi9QRfpwBB32ymnU83qpOrQ_n32Xgh9HGCObROya41dlz"
        "l0xsAYBXUrm_7UGcfpb5m5HjRZSSOSzX3gCltMw17Qx7TEHai-9xgiL4q9OEQh6iclnBpbup8BamQ89n8DFEzwJSsx"
        "H8rL3_Bc_UyVFxVyqlPWKgxOhYdPv9VUKKwdAyCZmYKeXiGy68MBsbceamXSXHZwhZCTM5VQ"
    ),
    "e": "AQAB",
    "d": (
        "CRDhikBKNDTAR9txtnh56QZ7bfj_CvyckLELMKAfSZJjTvbzGQNH_Z9wlCqzhiMcSlaYvgWRV8fuwHG67L_9DdIBJs"
        "iIOqgbsbWLDItosbuNNK8ossa3siXYwUlmkvFN0P0SMMbmYcJSOa53dB-fMAoKOkDKDLaY8SedEJhjxzO8YAfogkmK"
        "OUljt6K_iP6BIn6Uk1Du7HoOQPZGm4kHNRpIoNNI2bN8cu8qnblFd3yGR_jtOVlEL-hZ8AlbZKPFsEcCrz6D2F4m7B"
        "Hygoosycf2bjM6j9wMqsFLx0_luPVCqtAt9kTNByPPgIjNJ5VNpj-n83FQl_eRozrR-Ar_gQ"
    ),
    "p": (
        "8MaktX8gkQIgZchNoGY7lWacU2UgIZBeV5ncUfC_DNuVSpqSWVMqVHpvQVaOfEU9_JjpkTWp88_pOYnd85UTDvvgak"
        "pWEV9hgSulqTjudby2RDSKtHjdbxEqK2f1Aj7v6gq72YTaHxDy9rNHCwFJEApvHkLkNNMRJJ_T0hpa0eU"
    ),
    "q": (
        "79V5_a7FqiG_RIUn6OehJGcu_3BmfhpElINubZeT0czR0iZ7Asxjyg8XEHjXBqiVHdkQtZjyGmboF1R_4bPtZkrIBW"
        "X7joPYF3wQhY4uEiJYVE6jSUzYVlygAwIC-yhYTydCxyjdpoMpxo5_9r93JObChI9-dIZfH0yBlHSuErE"
    ),
    "dp": (
        "np3eSArVw3GpMiRAr1hqDEQq2-2Uu0fGPuOHdxuoYKoPsbQekWXuTvTRcjO5bjiXW17JD_ZQXeQr-tHOO_eLNKXN83"
        "fBN3SkYVoFqnNs9Hc7g7cxYS72gYLHSw0TJUWc-4vSsLuKjki2Jrt4I9HW9hBJn5_lgr9BXeVEv_bIudk"
    ),
    "dq": (
        "T3K6XK0e0cMoJzytAdxpZzO_P-MuMKvm-AOp-yfxUdi10RXqPf0TOYZSL6S4Jn6GF0Mm4-Fsog5g6AmX6169T9uJ8y"
        "_ba1SFqxHwLy3wWRWDiToboVaRe9pnL1flQOoWhvIMjwkck-JzXlEqVsUKZPEEkwEt9M_mhunDKziTyaE"
    ),
    "qi": (
        "4QcyNqsEFTCK8il5kyiYZhdvkhU8caD70Ze5iXG15hX_XQ4ZA5gxDPp5BObhsVyJPB3p85DaPdSLcIpaEyr--v85Jn"
        "dHB8hckuHCuQpCVMnSDrUfeqKCwNuML1OycbYLX8l4_UFgsi6nfKFzXkExfo17HQW0esfSCIuDEgvmz1I"
    ),
}
